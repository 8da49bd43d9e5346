#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

namespace daybook::api {

// A request's body on its way to disk: a new file of mode 0600, removed with this object unless it was moved away.
// Writes block, for the page cache takes them; nothing is synced, since an upload that a crash cuts off is sent again.
class SpoolFile {
 public:
  // Creates `directory` if it is missing. `place` is kept as long as this object. Throws std::system_error with the
  // path when no file can be made there.
  explicit SpoolFile(const std::filesystem::path& directory, std::shared_ptr<void> place = {});
  ~SpoolFile();
  SpoolFile(const SpoolFile&) = delete;
  SpoolFile& operator=(const SpoolFile&) = delete;

  // False when the bytes could not all be written: the disk is full or broken, and the file is of no use.
  bool append(std::string_view bytes);
  // No more is to come.
  void close();

  const std::filesystem::path& path() const { return path_; }

 private:
  const std::shared_ptr<void> place_;
  std::filesystem::path path_;
  int descriptor_ = -1;
};

}  // namespace daybook::api
