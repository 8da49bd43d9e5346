#include "eventstore/embedded/embedded_reader.h"

#include <rocksdb/iterator.h>

#include "eventstore/embedded/record_value.h"

namespace daybook::eventstore {

EmbeddedReader::EmbeddedReader(const Database& database, CommittedEnd& end, std::uint64_t from_offset)
    : database_(database), end_(end), next_offset_(from_offset) {}

EmbeddedReader::~EmbeddedReader() = default;

std::optional<LogRecord> EmbeddedReader::next(std::chrono::milliseconds wait) {
  if (end_.get() <= next_offset_) iterator_.reset();
  if (!end_.wait_past(next_offset_, wait, interrupted_)) return std::nullopt;
  if (!iterator_ || !iterator_->Valid()) {
    // An iterator sees what was there when it was made.
    iterator_ = database_.records();
    iterator_->Seek(record_key(next_offset_));
  }
  LogRecord record{next_offset_, database_.record_at(*iterator_, next_offset_)};
  ++next_offset_;
  iterator_->Next();
  return record;
}

void EmbeddedReader::interrupt() { end_.interrupt(interrupted_); }

}  // namespace daybook::eventstore
