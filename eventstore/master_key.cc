#include "eventstore/master_key.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>

namespace daybook::eventstore {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& what, const fs::path& path) {
  throw std::runtime_error(what + " " + path.string() + ": " + std::generic_category().message(errno));
}

// A file descriptor that is closed with its scope.
class File {
 public:
  File(const fs::path& path, int flags, mode_t mode = 0)
      : path_(path), fd_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  bool is_open() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  void sync() const {
    if (::fsync(fd_) != 0) fail("cannot sync", path_);
  }

 private:
  const fs::path& path_;
  int fd_;
};

void sync_directory(const fs::path& path) {
  const File directory(path, O_RDONLY | O_DIRECTORY);
  if (!directory.is_open()) fail("cannot open directory", path);
  directory.sync();
}

void check_mode(const File& file, const fs::path& path) {
  struct stat status{};
  if (::fstat(file.fd(), &status) != 0) fail("cannot inspect", path);
  if (!S_ISREG(status.st_mode))
    throw std::runtime_error(path.string() + " is not a file; put the 32-byte key file there");
  if ((status.st_mode & 077) != 0) {
    throw std::runtime_error(path.string() + " may be read or written by others than its owner; chmod 600 " +
                             path.string());
  }
  if (status.st_size != static_cast<off_t>(Key::kSize)) {
    throw std::runtime_error(path.string() + " has " + std::to_string(status.st_size) +
                             " bytes instead of 32; put the key back from its backup");
  }
}

std::optional<Key> load(const fs::path& path) {
  const File file(path, O_RDONLY);
  if (!file.is_open()) {
    if (errno == ENOENT) return std::nullopt;
    fail("cannot open", path);
  }
  check_mode(file, path);
  Key key;
  const auto bytes = key.writable();
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t got = ::read(file.fd(), bytes.data() + done, bytes.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("cannot read", path);
    if (got == 0) throw std::runtime_error(path.string() + " became shorter while it was read; start again");
    done += static_cast<std::size_t>(got);
  }
  return key;
}

void write_key(const File& file, const Key& key, const fs::path& path) {
  const std::string_view bytes = key.view();
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t put = ::write(file.fd(), bytes.data() + done, bytes.size() - done);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail("cannot write", path);
    done += static_cast<std::size_t>(put);
  }
  file.sync();
}

// Written whole beside its place and then linked there: after a crash the file is complete or absent, and a key that
// somebody put there meanwhile is never replaced.
Key create(const fs::path& path) {
  const fs::path directory = path.parent_path();
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) fail("cannot create directory", directory);
  fs::path fresh = path;
  fresh += ".new";
  if (::unlink(fresh.c_str()) != 0 && errno != ENOENT) fail("cannot remove", fresh);
  Key key = Key::random();
  {
    const File file(fresh, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (!file.is_open()) fail("cannot create", fresh);
    write_key(file, key, fresh);
  }
  if (::link(fresh.c_str(), path.c_str()) != 0) fail("cannot create", path);
  if (::unlink(fresh.c_str()) != 0) fail("cannot remove", fresh);
  sync_directory(directory);
  sync_directory(directory.parent_path());
  return key;
}

Key load_or_create(const fs::path& path, bool log_is_empty, const char* consequence) {
  if (auto key = load(path)) return *key;
  if (!log_is_empty) {
    throw std::runtime_error(path.string() + " is missing, and the log already holds records" + consequence +
                             "; put the key back there from its backup, with chmod 600");
  }
  return create(path);
}

fs::path keys_of(const fs::path& data) { return fs::absolute(data).lexically_normal() / "keys"; }

}  // namespace

Key load_or_create_master_key(const fs::path& data, bool log_is_empty) {
  return load_or_create(keys_of(data) / "master.key", log_is_empty, " that only this key opens");
}

Key load_or_create_cursor_key(const fs::path& data, bool log_is_empty) {
  return load_or_create(keys_of(data) / "cursor.key", log_is_empty, " whose readers hold cursors signed with it");
}

}  // namespace daybook::eventstore
