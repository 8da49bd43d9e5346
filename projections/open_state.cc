#include "projections/open_state.h"

#include "eventstore/codec_record.h"
#include "projections/derived_rows.h"

namespace daybook::projections {
namespace {

using eventstore::LogRecord;

// The first record at or behind the offset; nothing where the log has none.
std::optional<LogRecord> find_record(eventstore::Log& log, std::uint32_t partition, std::uint64_t offset,
                                     std::chrono::milliseconds patience) try {
  return log.read(partition, offset)->next(patience);
} catch (const eventstore::LogDamaged&) {
  return std::nullopt;
}

bool reaches(eventstore::Log& log, std::uint32_t partition, std::uint64_t offset, std::chrono::milliseconds patience) {
  return log.end(partition) >= offset || find_record(log, partition, offset - 1, patience);
}

bool is_claim(const std::optional<LogRecord>& stored, std::uint64_t offset) {
  if (!stored || stored->offset != offset) return false;
  const auto record = eventstore::read_record(stored->bytes);
  return record && std::holds_alternative<eventstore::ClaimRecord>(*record);
}

bool is_empty(const StateStore& state) { return state.position(0).next_offset == 0; }

}  // namespace

std::unique_ptr<StateStore> open_state(const StateStore::Options& options,
                                       const std::function<void(const std::string&)>& say) {
  auto state = std::make_unique<StateStore>(options);
  if (state->fingerprint() == rows_fingerprint()) return state;
  if (!is_empty(*state)) {
    say("the read models are of another version of Daybook; they are made anew from the log");
    state.reset();
    // Renamed first, so that a crash leaves a whole state or none.
    const std::filesystem::path old = options.directory.string() + ".old";
    std::filesystem::remove_all(old);
    std::filesystem::rename(options.directory, old);
    std::filesystem::remove_all(old);
    state = std::make_unique<StateStore>(options);
  }
  state->set_fingerprint(rows_fingerprint());
  return state;
}

std::optional<std::string> find_misfit(const StateStore& state, eventstore::Log& log,
                                       std::chrono::milliseconds patience) {
  if (state.fingerprint() != rows_fingerprint()) return "they are of another version of Daybook";
  for (std::uint32_t partition = 0; partition < log.partition_count(); ++partition) {
    const auto position = state.position(partition);
    if (!reaches(log, partition, position.next_offset, patience)) {
      return "they stand at offset " + std::to_string(position.next_offset) + ", and the log ends at " +
             std::to_string(log.end(partition));
    }
    const auto epoch = position.fence.epoch;
    if (epoch && !is_claim(find_record(log, partition, *epoch, patience), *epoch)) {
      return "they are of another log: offset " + std::to_string(*epoch) + " holds no claim here";
    }
  }
  return std::nullopt;
}

}  // namespace daybook::projections
