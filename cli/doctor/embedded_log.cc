#include "cli/doctor/embedded_log.h"

#include "cli/doctor/lock_holder.h"
#include "cli/open_log.h"
#include "eventstore/embedded/embedded_log.h"
#include "eventstore/high_water.h"

namespace daybook::cli {
namespace {

const std::string kName = "log";

std::string records(std::uint64_t count) { return std::to_string(count) + (count == 1 ? " record" : " records"); }

Check check_stopped(const std::filesystem::path& data, const std::filesystem::path& mark) {
  const auto look = eventstore::look_at_embedded_log(data / "log", mark);
  if (look.end == 0) return ok(kName, "nothing is written yet");
  if (look.moved) return failure_of(kName, *look.moved);
  const std::string found = "it opens with " + records(look.end) + ", as far as the high-water mark and further";
  return ok(kName, look.cut ? found + "; the next start: " + *look.cut : found);
}

Check check_running(long holder, const std::filesystem::path& file,
                    const std::function<std::optional<std::uint64_t>()>& server_end) {
  const auto mark = eventstore::HighWaterMark::read(file);
  const std::string held = process_text(holder) + " has it open";
  if (!mark) {
    return failure(kName, held + ", and its high-water mark is not at " + file.string(),
                   "give --high-water as the server has it, or stop the server and put the file back");
  }
  const auto end = server_end();
  if (end && mark->end > *end) {
    return failure(kName,
                   "the high-water mark in " + file.string() + " tells of " + records(mark->end) +
                       ", and the server of " + std::to_string(*end) + ": it is not the mark of this log",
                   "give --high-water as the server has it");
  }
  return ok(kName, held + "; the high-water mark stands at " + records(mark->end));
}

}  // namespace

Checks check_embedded_log(const NodeOptions& options, std::optional<long> holder,
                          const std::function<std::optional<std::uint64_t>()>& server_end) {
  if (const auto other = find_other_log(options.data, options.log)) return {failure_of(kName, *other)};
  const auto mark = high_water_of(options.data, options.log);
  if (holder) return {check_running(*holder, mark, server_end)};
  try {
    return {check_stopped(options.data, mark)};
  } catch (const std::exception& error) {
    // A server that started meanwhile replaces files of the log.
    const auto late = holder_of(options.data);
    return {late ? check_running(*late, mark, server_end) : failure_of(kName, error.what())};
  }
}

}  // namespace daybook::cli
