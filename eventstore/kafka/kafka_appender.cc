#include "eventstore/kafka/kafka_appender.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "model/named_thread.h"

namespace daybook::eventstore {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPoll{50};
constexpr milliseconds kWarmUp{2000};
constexpr milliseconds kLookAgain{500};
constexpr milliseconds kLinger{5000};   // of the end, for what is on its way
constexpr milliseconds kFence{10'000};  // for the fence of a new epoch to be read back; then the epoch is claimed anew

// Messages of both topics are told apart by the lowest bit.
std::uint64_t record_tag(std::uint64_t number) { return number << 1; }
std::uint64_t row_tag() { return 1; }

std::size_t size_of(const Append& append) {
  std::size_t bytes = append.record.size();
  for (const WrappedKey& key : append.keys) bytes += key.name.size() + key.value.size();
  return bytes;
}

}  // namespace

KafkaAppender::KafkaAppender(const Parts& parts)
    : options_(parts.options), partition_(parts.partition), keys_(parts.keys), end_(parts.end) {
  start_session(options_.start_timeout);
}

KafkaAppender::~KafkaAppender() { give_up(); }

void KafkaAppender::finish() {
  std::unique_lock lock(mutex_);
  has_room_.wait_for(lock, kLinger, [this] { return items_.empty(); });
}

void KafkaAppender::start_session(milliseconds warm_up) {
  producer_ = std::make_unique<KafkaProducer>(options_, partition_, static_cast<ClientListener&>(*this), warm_up);
  poller_ = model::named_thread("kafka-poller", [this](const std::stop_token& stop) { run(stop); });
}

// Everything that is open becomes unknown, and is reported; the producer is gone then.
void KafkaAppender::give_up() {
  poller_.request_stop();
  if (poller_.joinable()) poller_.join();
  if (producer_) producer_->give_up();
  {
    const std::lock_guard lock(mutex_);
    end_session(first_, "given up");
  }
  settle();
  std::unique_ptr<KafkaProducer> ended;  // it takes its time to end, and nobody who asks for the health waits for that
  const std::lock_guard lock(mutex_);
  ended = std::move(producer_);
}

void KafkaAppender::append(Append append, DeliveryReport report) {
  Item item;
  item.report = std::move(report);
  item.bytes = size_of(append);
  item.since = Clock::now();
  std::unique_lock lock(mutex_);
  has_room_.wait(lock, [&] {
    return items_.empty() || (items_.size() < options_.queue_records && bytes_ + item.bytes <= options_.queue_bytes);
  });
  bytes_ += item.bytes;
  if (is_broken_) {
    item.fate = Fate::kUnknown;
    items_.push_back(std::move(item));
    return;
  }
  item.record = std::move(append.record);
  items_.push_back(std::move(item));
  items_.back().rows_needed = rows_needed(std::move(append.keys));
  produce_ready();
}

// Sends the rows that are neither there nor on their way; how many of the session's rows the record has to wait for.
std::uint64_t KafkaAppender::rows_needed(std::vector<WrappedKey> keys) {
  std::uint64_t needed = 0;
  for (WrappedKey& key : keys) {
    KeyRow row{std::move(key.name), epoch_, std::move(key.value)};
    // A later record carries the same row until the first one is applied. Newest first: what was sent last holds.
    const auto sent =
        std::find_if(rows_.rbegin(), rows_.rend(), [&](const SentRow& one) { return one.row.name == row.name; });
    if (sent != rows_.rend() && sent->row == row) {
      needed = std::max(needed, rows_sent_ - static_cast<std::uint64_t>(sent - rows_.rbegin()));
    } else if (sent != rows_.rend() || !keys_.holds(row)) {
      needed = send_row(std::move(row));
    }
  }
  return needed;
}

std::uint64_t KafkaAppender::send_row(KeyRow row) {
  const StoredKeyRow stored = write_key_row(row);
  rows_.push_back({std::move(row), Clock::now()});
  ++rows_sent_;
  if (const auto why = producer_->produce(KafkaProducer::Topic::kKeys, stored.key, *stored.value, row_tag())) {
    end_session(next_, *why);
  }
  return rows_sent_;
}

void KafkaAppender::produce_ready() {
  for (; !is_broken_ && next_ < first_ + items_.size(); ++next_) {
    Item& item = items_[next_ - first_];
    if (rows_back_ < item.rows_needed) return;
    const std::string needed = write_keys_needed(keys_.position());
    const auto why = producer_->produce(KafkaProducer::Topic::kRecords, needed, item.record, record_tag(next_));
    if (why) return end_session(next_, *why);
    item.record = {};
  }
}

void KafkaAppender::row_read(const KeyRow& row) {
  const std::lock_guard lock(mutex_);
  if (rows_.empty() || rows_.front().row != row) return;
  rows_.pop_front();
  ++rows_back_;
  produce_ready();
  rows_moved_.notify_all();
}

void KafkaAppender::keys_failed(const std::string& why) {
  const std::lock_guard lock(mutex_);
  end_session(next_, why);
}

void KafkaAppender::enter(std::uint64_t epoch) {
  std::unique_lock lock(mutex_);
  epoch_ = epoch;
  keys_.check();
  if (is_broken_) return;
  const std::uint64_t fence = send_row(KeyRow::fence(epoch));
  const auto is_read = [&] { return is_broken_ || rows_back_ >= fence; };
  if (!rows_moved_.wait_for(lock, kFence, is_read)) end_session(next_, "its fence among the keys is not handed out");
  // Where the keys cannot be read no session ever gets further.
  lock.unlock();
  keys_.check();
}

void KafkaAppender::end_session(std::uint64_t first_unknown, const std::string& why) {
  if (!is_broken_ && (!items_.empty() || !rows_.empty())) warn("Kafka did not confirm what was written: " + why);
  is_broken_ = true;
  for (std::uint64_t number = std::max(first_unknown, first_); number < first_ + items_.size(); ++number) {
    Item& item = items_[number - first_];
    if (item.fate == Fate::kOpen) item.fate = Fate::kUnknown;
  }
  rows_.clear();
  rows_moved_.notify_all();
}

void KafkaAppender::delivered(std::uint64_t tag, const std::optional<std::string>& failure, std::int64_t offset) {
  const std::lock_guard lock(mutex_);
  if (tag == row_tag()) {
    if (failure) end_session(next_, *failure);
    return;
  }
  const std::uint64_t number = tag >> 1;
  if (failure) return end_session(number, *failure);
  // A wrong offset is lower than the right one (client.h).
  if (offset >= 0) end_.raise(static_cast<std::uint64_t>(offset) + 1);
  if (number < first_) return;
  Item& item = items_[number - first_];
  if (item.fate == Fate::kOpen) item.fate = Fate::kAcknowledged;
}

void KafkaAppender::reopen_session() {
  give_up();
  start_session(kWarmUp);
  const std::lock_guard lock(mutex_);
  rows_sent_ = rows_back_ = 0;
  next_ = first_;
  is_broken_ = false;
}

void KafkaAppender::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    producer_->poll(kPoll);
    settle();
    look_for_brokers();
  }
}

// Reports those whose fate is known, in order. By one thread at a time: the poller, or the one that joined it.
void KafkaAppender::settle() {
  std::vector<Item> settled;
  {
    const std::lock_guard lock(mutex_);
    while (!items_.empty() && items_.front().fate != Fate::kOpen) {
      bytes_ -= items_.front().bytes;
      settled.push_back(std::move(items_.front()));
      items_.pop_front();
      ++first_;
    }
    next_ = std::max(next_, first_);
  }
  if (settled.empty()) return;
  for (Item& item : settled) {
    item.report(item.fate == Fate::kAcknowledged ? Delivery::kAcknowledged : Delivery::kUnknown);
  }
  has_room_.notify_all();
}

void KafkaAppender::lost_all_brokers(const std::string&) {
  const std::lock_guard lock(mutex_);
  if (!down_since_) down_since_ = Clock::now();
}

std::optional<KafkaAppender::Clock::time_point> KafkaAppender::waiting_since() const {
  std::optional<Clock::time_point> since = down_since_;
  if (!items_.empty()) since = since ? std::min(*since, items_.front().since) : items_.front().since;
  if (!rows_.empty()) since = since ? std::min(*since, rows_.front().since) : rows_.front().since;
  return since;
}

bool KafkaAppender::is_unreachable() const {
  const std::lock_guard lock(mutex_);
  const auto since = waiting_since();
  return since && Clock::now() - *since > options_.unreachable_after;
}

// While something seems wrong: the client says when brokers are gone, and never when they are back.
void KafkaAppender::look_for_brokers() {
  const auto now = Clock::now();
  {
    const std::lock_guard lock(mutex_);
    if (!down_since_ || (looked_at_ && now - *looked_at_ < kLookAgain)) return;
    looked_at_ = now;
    if (!has_warned_ && now - *down_since_ > options_.unreachable_after) {
      warn("no broker of Kafka is reached; commands are refused until one is");
      has_warned_ = true;
    }
  }
  if (!producer_->reaches_a_broker(kLookAgain)) return;
  const std::lock_guard lock(mutex_);
  down_since_.reset();
  if (std::exchange(has_warned_, false)) warn("Kafka is reached again");
}

void KafkaAppender::warn(const std::string& text) const {
  if (options_.on_warning) options_.on_warning(text);
}

}  // namespace daybook::eventstore
