#include "eventstore/embedded/directory_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

namespace daybook::eventstore {
namespace {

std::string owner_of(int file) {
  std::array<char, 32> text{};
  const ssize_t length = ::pread(file, text.data(), text.size(), 0);
  return length > 0 ? "process " + std::string(text.data(), static_cast<std::size_t>(length)) : "another process";
}

}  // namespace

DirectoryLock::DirectoryLock(const std::filesystem::path& directory) {
  const auto path = directory / "in-use";
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (file_ < 0) throw std::system_error(errno, std::generic_category(), "cannot open " + path.string());
  if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    const std::string owner = owner_of(file_);
    ::close(file_);
    if (error != EWOULDBLOCK) throw std::system_error(error, std::generic_category(), "cannot lock " + path.string());
    throw std::runtime_error("the log in " + directory.string() + " is already open in " + owner +
                             "; stop that one first, or give this one a data directory of its own");
  }
  // The number is for the message above only, so a failure to write it does no harm.
  const std::string number = std::to_string(::getpid());
  if (::ftruncate(file_, 0) == 0 && ::pwrite(file_, number.data(), number.size(), 0) < 0) return;
}

DirectoryLock::~DirectoryLock() { ::close(file_); }

}  // namespace daybook::eventstore
