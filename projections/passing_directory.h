#pragma once

#include <filesystem>

namespace daybook::projections {

/// The place of a directory that is needed for a while: nothing is there when the object is made, and what is there
/// when it goes is deleted with it.
class PassingDirectory {
 public:
  /// Throws std::filesystem::filesystem_error where what is left of an earlier one cannot be deleted.
  explicit PassingDirectory(std::filesystem::path path);
  ~PassingDirectory();
  PassingDirectory(const PassingDirectory&) = delete;
  PassingDirectory& operator=(const PassingDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  const std::filesystem::path path_;
};

}  // namespace daybook::projections
