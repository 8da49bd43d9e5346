#include "eventstore/high_water.h"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#include "eventstore/checksum.h"
#include "eventstore/log_damaged.h"
#include "model/named_thread.h"

namespace daybook::eventstore {
namespace {

constexpr std::size_t kSlotBytes = 32;
constexpr std::string_view kMagic = "DBMARK01";
using Slot = std::array<char, kSlotBytes>;

Slot encode(const Mark& mark) {
  Slot slot{};
  put_big_endian64(slot.data(), mark.end);
  put_big_endian64(slot.data() + 8, mark.fingerprint);
  std::memcpy(slot.data() + 16, kMagic.data(), kMagic.size());
  put_big_endian32(slot.data() + 28, crc32c({slot.data(), 28}));
  return slot;
}

std::optional<Mark> decode(std::string_view slot) {
  const bool whole = slot.substr(16, 8) == kMagic && get_big_endian32(slot.data() + 28) == crc32c(slot.substr(0, 28));
  if (!whole) return std::nullopt;
  return Mark{get_big_endian64(slot.data()), get_big_endian64(slot.data() + 8)};
}

// Which slot holds the newest mark, and that mark.
struct Newest {
  std::size_t slot = 0;
  Mark mark;
};
Newest newest_of(const std::filesystem::path& path, std::string_view bytes) {
  const auto first = bytes.size() == 2 * kSlotBytes ? decode(bytes.substr(0, kSlotBytes)) : std::nullopt;
  const auto second = bytes.size() == 2 * kSlotBytes ? decode(bytes.substr(kSlotBytes)) : std::nullopt;
  if (first && (!second || first->end >= second->end)) return {0, *first};
  if (second) return {1, *second};
  throw LogDamaged(
      {path, std::nullopt, std::nullopt, "the high-water mark is unreadable, so a cut log would pass for a whole one"});
}

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

[[noreturn]] void fail(int error, std::string_view doing, const std::filesystem::path& path) {
  throw std::system_error(error, std::generic_category(),
                          std::string(doing) + " the high-water mark " + path.string() +
                              " failed; check that volume or choose another with --high-water");
}

void write_fully(int file, std::string_view bytes, off_t at, const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(file, bytes.data(), bytes.size(), at);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) fail(written < 0 ? errno : EIO, "writing", path);
    bytes.remove_prefix(static_cast<std::size_t>(written));
    at += written;
  }
}

void sync_directory_of(const std::filesystem::path& path) {
  const auto directory = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const int handle = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = handle >= 0 && ::fsync(handle) == 0;
  const int error = errno;
  if (handle >= 0) ::close(handle);
  if (!synced) fail(error, "syncing the directory of", path);
}

}  // namespace

std::optional<Mark> HighWaterMark::read(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) return std::nullopt;
  return newest_of(path, contents(path)).mark;
}

void HighWaterMark::reset(const std::filesystem::path& path, const Mark& mark) {
  const std::filesystem::path fresh = path.string() + ".new";
  const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
  if (file < 0) fail(errno, "creating", fresh);
  try {
    const Slot slot = encode(mark);
    write_fully(file, {slot.data(), slot.size()}, 0, fresh);
    write_fully(file, {slot.data(), slot.size()}, kSlotBytes, fresh);
    if (::fsync(file) != 0) fail(errno, "syncing", fresh);
  } catch (...) {
    ::close(file);
    throw;
  }
  ::close(file);
  std::filesystem::rename(fresh, path);
  sync_directory_of(path);
}

HighWaterMark::HighWaterMark(std::filesystem::path path, std::chrono::milliseconds sync_interval)
    : path_(std::move(path)), sync_interval_(sync_interval) {
  next_slot_ = 1 - newest_of(path_, contents(path_)).slot;
  file_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
  if (file_ < 0) fail(errno, "opening", path_);
  syncer_ = model::named_thread("log-mark", [this](const std::stop_token& stop) { sync_when_due(stop); });
}

HighWaterMark::~HighWaterMark() {
  syncer_ = {};
  ::fdatasync(file_);  // Nobody is left to tell: the mark is then at most one interval behind, as after a power cut.
  ::close(file_);
}

void HighWaterMark::advance(const Mark& mark) {
  if (const int error = sync_error_; error != 0) fail(error, "syncing", path_);
  const Slot slot = encode(mark);
  write_fully(file_, {slot.data(), slot.size()}, static_cast<off_t>(next_slot_ * kSlotBytes), path_);
  next_slot_ = 1 - next_slot_;
  {
    const std::lock_guard lock(mutex_);
    dirty_ = true;
  }
  became_dirty_.notify_one();
}

void HighWaterMark::sync() {
  if (::fdatasync(file_) == 0) return;
  const int error = errno;
  sync_error_ = error;
  fail(error, "syncing", path_);
}

void HighWaterMark::sync_when_due(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (became_dirty_.wait(lock, stop, [this] { return dirty_; })) {
    // What is written meanwhile shares the sync.
    became_dirty_.wait_for(lock, stop, sync_interval_, [] { return false; });
    if (stop.stop_requested()) return;  // The destructor syncs.
    dirty_ = false;
    lock.unlock();
    if (::fdatasync(file_) != 0) sync_error_ = errno;  // `advance` tells it, from then on.
    lock.lock();
  }
}

}  // namespace daybook::eventstore
