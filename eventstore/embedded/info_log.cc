#include "eventstore/embedded/info_log.h"

#include <fcntl.h>
#include <rocksdb/env.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <ctime>
#include <mutex>
#include <system_error>

namespace daybook::eventstore {
namespace {

constexpr off_t kMaxBytes = 1 << 20;

class BoundedInfoLog final : public rocksdb::Logger {
 public:
  explicit BoundedInfoLog(std::filesystem::path path)
      : rocksdb::Logger(rocksdb::InfoLogLevel::WARN_LEVEL), path_(std::move(path)) {
    open();
  }
  ~BoundedInfoLog() override { close(); }

  using rocksdb::Logger::Logv;
  void Logv(const char* format, va_list arguments) override {
    std::array<char, 2048> line{};
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    std::size_t length = std::strftime(line.data(), 32, "%FT%TZ ", &utc);
    const std::size_t room = line.size() - length - 1;  // for the line's end
    const int wanted = std::vsnprintf(line.data() + length, room, format, arguments);
    if (wanted < 0) return;
    length += std::min(static_cast<std::size_t>(wanted), room - 1);
    line[length++] = '\n';
    append(line.data(), length);
  }

 private:
  void open() { file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640); }
  void close() {
    if (file_ >= 0) ::close(file_);
  }
  void append(const char* text, std::size_t length) {
    const std::lock_guard lock(mutex_);
    if (file_ < 0) return;
    if (::lseek(file_, 0, SEEK_END) >= kMaxBytes) {
      close();
      std::error_code ignored;
      std::filesystem::rename(path_, path_.string() + ".old", ignored);
      if (ignored) std::filesystem::remove(path_, ignored);
      open();
    }
    if (::write(file_, text, length) < 0) return;  // A full disk costs the line, never the process.
  }

  const std::filesystem::path path_;
  std::mutex mutex_;
  int file_ = -1;  // by mutex_; negative: nothing is written
};

class NoInfoLog final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

}  // namespace

std::shared_ptr<rocksdb::Logger> open_info_log(std::filesystem::path path) {
  return std::make_shared<BoundedInfoLog>(std::move(path));
}

std::shared_ptr<rocksdb::Logger> no_info_log() { return std::make_shared<NoInfoLog>(); }

}  // namespace daybook::eventstore
