#include "eventstore/counted_reader.h"

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

}  // namespace daybook::eventstore
