#include "cli/doctor/machine.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>

#include "cli/clock_and_chance.h"
#include "cli/doctor/lock_holder.h"
#include "cli/doctor/open_files.h"
#include "cli/doctor/ownership.h"
#include "cli/open_log.h"
#include "eventstore/embedded/embedded_log.h"
#include "model/time.h"

namespace daybook::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMebibyte = 1 << 20;
// Below this the floor may be reached before anybody looks again.
constexpr std::uint64_t kLittleBytes = 4 * eventstore::kFreeSpaceFloorBytes;
// Of both databases, of uploads and of the library of Kafka, beside one for each connection.
constexpr std::uint64_t kOwnFiles = 2048;
// This version is not older than that.
constexpr std::int64_t kBuiltAfterUs = 1'767'225'600'000'000;  // 2026-01-01
constexpr std::int64_t kClockToleranceUs = 60'000'000;

std::string mebibytes(std::uint64_t bytes) { return std::to_string(bytes / kMebibyte) + " MiB"; }

Check check_disk(const fs::path& data) {
  const fs::path place = nearest_existing(data);
  const std::uint64_t free = fs::space(place).available;
  const std::string room = mebibytes(free) + " are free on the volume of " + place.string();
  const std::string floor = mebibytes(eventstore::kFreeSpaceFloorBytes);
  const std::string remedy = "df -h " + place.string() + "  # free at least " +
                             mebibytes(kLittleBytes - std::min(free, kLittleBytes)) + ", or enlarge the volume";
  if (free < eventstore::kFreeSpaceFloorBytes) {
    return failure("disk", room + ", less than the " + floor + " below which commands are refused", remedy);
  }
  if (free < kLittleBytes) return warning("disk", room + "; below " + floor + " commands are refused", remedy);
  return ok("disk", room);
}

std::string contents(const fs::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

Check check_descriptors(std::size_t connections, std::optional<long> holder) {
  const std::string process = holder ? std::to_string(*holder) : "self";
  const auto limit = open_files_limit(contents("/proc/" + process + "/limits"));
  if (!limit) return ok("file descriptors", "no limit on them is known");
  const std::uint64_t wanted = connections + kOwnFiles;
  const std::string whose = holder ? process_text(*holder) + " may" : "a server started from here may";
  const std::string found = whose + " have " + std::to_string(*limit) + " files open";
  if (*limit >= wanted) return ok("file descriptors", found);
  return warning(
      "file descriptors",
      found + ", and max_connections = " + std::to_string(connections) + " may need " + std::to_string(wanted),
      "ulimit -n " + std::to_string(wanted) + "  # before the start; LimitNOFILE=" + std::to_string(wanted) +
          " in a unit of systemd");
}

// When something was last written, by the clock of then. Nothing: never, or it cannot be looked at.
std::optional<std::int64_t> last_write_us(const NodeOptions& options) {
  std::optional<std::int64_t> last;
  const auto see = [&](const fs::path& file) {
    std::error_code error;
    const auto time = fs::last_write_time(file, error);
    if (error) return;
    const auto utc = std::chrono::file_clock::to_sys(time).time_since_epoch();
    last = std::max(last.value_or(0), std::chrono::duration_cast<std::chrono::microseconds>(utc).count());
  };
  see(high_water_of(options.data, options.log));
  for (const char* part : {"log", "state"}) {
    std::error_code error;
    for (fs::directory_iterator entry(options.data / part, error), end; !error && entry != end;
         entry.increment(error)) {
      see(entry->path());
    }
  }
  return last;
}

Check check_clock(const NodeOptions& options) {
  const auto last = last_write_us(options);  // before the clock is read
  const std::int64_t now = now_us();
  const std::string remedy = "sudo timedatectl set-ntp true";
  if (now < kBuiltAfterUs) return failure("clock", "it says " + model::format_time(now) + ", long ago", remedy);
  if (last && *last > now + kClockToleranceUs) {
    return failure("clock",
                   "it says " + model::format_time(now) + ", and " + options.data.string() + " was last written at " +
                       model::format_time(*last) + ": one of the two was wrong",
                   remedy);
  }
  return ok("clock", last ? "it is past the last write to the data" : "it is plausible");
}

}  // namespace

Checks check_machine(const NodeOptions& options, std::optional<long> holder) {
  return {check_disk(options.data), check_descriptors(options.http.max_connections, holder), check_clock(options)};
}

}  // namespace daybook::cli
