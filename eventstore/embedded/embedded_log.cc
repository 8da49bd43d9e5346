#include "eventstore/embedded/embedded_log.h"

#include <rocksdb/iterator.h>

#include <cassert>

#include "eventstore/embedded/embedded_reader.h"
#include "eventstore/keyring.h"
#include "eventstore/log_moved.h"

namespace daybook::eventstore {
namespace {

std::filesystem::path made(const std::filesystem::path& directory) {
  std::filesystem::create_directories(directory);
  return directory;
}

bool holds_a_database(const std::filesystem::path& directory) {
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    const std::string name = entry.path().filename();
    if (name == "CURRENT" || name.starts_with("MANIFEST-") || name.ends_with(".sst") || name.ends_with(".log"))
      return true;
  }
  return false;
}

// The mark is there before the first byte of the log, so a log without one has lost it. Nothing: there is neither.
std::optional<Mark> mark_beside(const std::filesystem::path& directory, const std::filesystem::path& file) {
  auto mark = HighWaterMark::read(file);
  if (!mark && std::filesystem::is_directory(directory) && holds_a_database(directory)) {
    throw LogDamaged({file, std::nullopt, std::nullopt,
                      "the high-water mark of the log in " + directory.string() +
                          " is missing, so a cut log would pass for a whole one; name the right file with "
                          "--high-water"});
  }
  return mark;
}

Mark mark_of(const EmbeddedOptions& options) {
  if (const auto mark = mark_beside(options.directory, options.high_water_file)) return *mark;
  if (options.high_water_file.has_parent_path()) made(options.high_water_file.parent_path());
  HighWaterMark::reset(options.high_water_file, Mark{});
  return {};
}

}  // namespace

EmbeddedLog::EmbeddedLog(EmbeddedOptions options)
    : lock_(made(options.directory)),
      database_({options.directory, options.env, options.sync_writes}, mark_of(options)),
      mark_(options.high_water_file),
      end_(database_.end()),
      free_space_(options.directory, options.free_space_floor_bytes, options.free_space),
      committer_(database_, mark_, end_, free_space_, options.queue) {
  // What was written but not answered is read from now on as well, so it must not get lost unnoticed either.
  mark_.advance(database_.reached());
  mark_.sync();
}

EmbeddedLog::~EmbeddedLog() = default;

void EmbeddedLog::append([[maybe_unused]] std::uint32_t partition, Append append, DeliveryReport report) {
  assert(partition == 0);
  committer_.append(std::move(append), std::move(report));
}

void EmbeddedLog::reopen_session([[maybe_unused]] std::uint32_t partition) {
  assert(partition == 0);
  committer_.reopen_session();
}

std::unique_ptr<LogReader> EmbeddedLog::read([[maybe_unused]] std::uint32_t partition, std::uint64_t from_offset) {
  assert(partition == 0);
  return std::make_unique<EmbeddedReader>(database_, end_, from_offset);
}

std::uint64_t EmbeddedLog::end([[maybe_unused]] std::uint32_t partition) const {
  assert(partition == 0);
  return end_.get();
}

std::optional<std::string> EmbeddedLog::find_key(const std::string& name) const { return database_.find_key(name); }

std::vector<WrappedKey> EmbeddedLog::keys(std::uint32_t /*partition*/) const { return database_.all_keys(); }

Health EmbeddedLog::health(std::uint32_t /*partition*/) const {
  if (committer_.failure()) return Health::kReadOnly;
  return free_space_.below_floor() ? Health::kDiskFull : Health::kOk;
}

EmbeddedLook look_at_embedded_log(const std::filesystem::path& directory,
                                  const std::filesystem::path& high_water_file) {
  const Mark mark = mark_beside(directory, high_water_file).value_or(Mark{});
  const bool is_begun = std::filesystem::is_directory(directory) && holds_a_database(directory);
  if (!is_begun && mark.end == 0) return {};
  if (!is_begun) {
    throw LogDamaged({directory, std::nullopt, 0,
                      "records up to offset " + std::to_string(mark.end) +
                          " were acknowledged according to the high-water mark, and there are none"});
  }
  const Database database({.directory = directory, .is_read_only = true}, mark);
  EmbeddedLook look{database.end(), database.cut(), std::nullopt, std::nullopt};
  const std::string first = key_row_name({}, {});
  if (auto key = database.find_key(first)) look.key = {first, std::move(*key)};
  if (look.end == 0) return look;
  const auto last = database.records();
  last->SeekToLast();
  look.moved = moved_text(database.record_at(*last, look.end - 1));
  return look;
}

ScrubReport EmbeddedLog::scrub(const Pace& pace) const { return eventstore::scrub(database_, end_.get(), pace); }

}  // namespace daybook::eventstore
