#pragma once

#include <filesystem>

namespace daybook::eventstore {

/// Keeps a second process, or a second log of this one, out of a directory for as long as it lives. The kernel lets go
/// of it with the process, however that ends.
class DirectoryLock {
 public:
  /// Throws std::runtime_error that names the process which has the directory open.
  explicit DirectoryLock(const std::filesystem::path& directory);
  ~DirectoryLock();
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

 private:
  int file_ = -1;
};

}  // namespace daybook::eventstore
