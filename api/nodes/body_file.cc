#include "api/nodes/body_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace daybook::api {
namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what + "; check the disk and the directory's rights");
}

}  // namespace

BodyFile::BodyFile(const std::filesystem::path& path) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
  struct ::stat status{};
  if (descriptor_ < 0 || ::fstat(descriptor_, &status) != 0) {
    const int error = errno;
    if (descriptor_ >= 0) ::close(descriptor_);
    errno = error;
    fail("the upload " + path.string() + " can't be opened");
  }
  size_bytes_ = static_cast<std::uint64_t>(status.st_size);
}

BodyFile::~BodyFile() { ::close(descriptor_); }

std::size_t BodyFile::read(std::span<char> out) {
  for (;;) {
    const ::ssize_t got = ::read(descriptor_, out.data(), out.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) fail("an upload can't be read to its end");
  }
}

}  // namespace daybook::api
