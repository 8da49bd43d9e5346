#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

namespace daybook::api {

/// A request's body on disk, read once from start to end. Stays readable when its name is gone.
class BodyFile {
 public:
  /// Throws std::system_error with the path when it can't be opened.
  explicit BodyFile(const std::filesystem::path& path);
  ~BodyFile();
  BodyFile(const BodyFile&) = delete;
  BodyFile& operator=(const BodyFile&) = delete;

  /// As it was when opened.
  std::uint64_t size_bytes() const { return size_bytes_; }
  /// The next bytes, how many; 0 at the end. Blocks for the disk. Throws std::system_error.
  std::size_t read(std::span<char> out);

 private:
  int descriptor_;
  std::uint64_t size_bytes_ = 0;
};

}  // namespace daybook::api
