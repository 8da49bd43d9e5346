#include "eventstore/counted_reader.h"

#include <stdexcept>
#include <utility>

#include "eventstore/log_damaged.h"
#include "eventstore/log_moved.h"

namespace daybook::eventstore {

std::optional<Record> CountedReader::next(std::chrono::milliseconds wait) {
  while (auto stored = reader_->next(wait)) {
    stored_ = std::move(*stored);
    const auto record = read_record(stored_.bytes);
    if (!record) throw LogDamaged({{}, std::nullopt, stored_.offset, record.error()});
    if (fence_.accept(stored_.offset, *record) != Ruling::kEffective) continue;
    if (const auto* moved = std::get_if<MovedRecord>(&*record)) throw LogMoved(*moved);
    return *record;
  }
  return std::nullopt;
}

model::Uuid first_claimant(Log& log) {
  const auto first = CountedReader(log, 0).next();
  const auto* claim = first ? std::get_if<ClaimRecord>(&*first) : nullptr;
  if (claim == nullptr) throw std::runtime_error("the log begins with no claim; no server has started on it yet");
  return claim->instance;
}

}  // namespace daybook::eventstore
