#include "api/server/spool_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>
#include <utility>

namespace daybook::api {

SpoolFile::SpoolFile(const std::filesystem::path& directory, std::shared_ptr<void> place) : place_(std::move(place)) {
  std::filesystem::create_directories(directory);
  std::string name = (directory / "upload-XXXXXX").string();
  descriptor_ = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor_ < 0)
    throw std::system_error(
        errno, std::generic_category(),
        "no file for an upload can be made as " + name + "; check the directory's rights and space");
  path_ = name;
}

SpoolFile::~SpoolFile() {
  close();
  ::unlink(path_.c_str());
}

bool SpoolFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ::ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

void SpoolFile::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

}  // namespace daybook::api
