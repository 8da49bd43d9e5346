#include "eventstore/kafka/kafka_reader.h"

#include <algorithm>
#include <utility>

namespace daybook::eventstore {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kStep{200};       // after which the end is looked at again
constexpr milliseconds kKeysCome{1000};  // before it is asked whether the keys of a record are there at all

}  // namespace

KafkaReader::KafkaReader(const KafkaOptions& options, std::uint32_t partition, const KeyFollower& keys, KnownEnd& end,
                         std::uint64_t from_offset)
    : options_(options),
      partition_(partition),
      keys_(keys),
      end_(end),
      next_offset_(from_offset),
      consumer_(options, options.records_topic(), partition, from_offset) {}

std::optional<LogRecord> KafkaReader::next(milliseconds wait) {
  const auto start = Clock::now();
  for (;;) {
    if (interrupted_.exchange(false)) return std::nullopt;
    const auto waited = std::chrono::duration_cast<milliseconds>(Clock::now() - start);
    const milliseconds left = is_behind() ? kStep : std::clamp(wait - waited, milliseconds(0), kStep);
    if (fetch(left) && keys_.wait_for(keys_needed_, kStep, [this] { return interrupted_.load(); })) return take();
    if (!is_behind() && waited >= wait) return std::nullopt;
    if (is_behind() && waited > kKeysCome) check_keys();
    if (is_behind() && waited > std::max(wait, patience_)) {
      throw LogUnreachable(unreachable_text(options_, "the record at offset " + std::to_string(next_offset_) +
                                                          " is not handed out; " + consumer_.hindrance()));
    }
  }
}

// A record of the log whose keys are gone: the topic of keys was made anew, or lost its end.
void KafkaReader::check_keys() {
  if (!fetched_ || keys_needed_ <= checked_keys_) return;
  const std::uint64_t end = end_of(options_, options_.keys_topic(), partition_);
  checked_keys_ = keys_needed_;
  if (end >= keys_needed_) return;
  throw LogDamaged({options_.keys_topic(), std::nullopt, fetched_->offset,
                    "this record needs the wrapped keys before offset " + std::to_string(keys_needed_) +
                        ", and the topic ends at " + std::to_string(end)});
}

bool KafkaReader::is_ready() {
  return fetch(milliseconds(0)) && keys_.wait_for(keys_needed_, milliseconds(0), [] { return false; });
}

// Whether the next record is here.
bool KafkaReader::fetch(milliseconds wait) {
  if (fetched_) return true;
  auto event = consumer_.poll(wait);
  if (const auto* end = std::get_if<KafkaConsumer::End>(&event)) end_.raise(end->offset);
  auto* message = std::get_if<KafkaConsumer::Message>(&event);
  if (message == nullptr || message->offset < next_offset_) return false;
  end_.raise(std::max(message->offset + 1, consumer_.end()));
  const auto needed = read_keys_needed(message->key);
  if (!needed) {
    throw LogDamaged({options_.records_topic(), std::nullopt, message->offset,
                      "the Kafka key is none of a record; another program wrote there"});
  }
  keys_needed_ = *needed;
  fetched_ = std::move(*message);
  return true;
}

std::optional<LogRecord> KafkaReader::take() {
  LogRecord record{fetched_->offset, std::move(fetched_->value).value_or("")};
  next_offset_ = record.offset + 1;
  fetched_.reset();
  return record;
}

void KafkaReader::interrupt() {
  interrupted_ = true;
  consumer_.wake();
  // One that waits for keys looks within a step.
}

}  // namespace daybook::eventstore
