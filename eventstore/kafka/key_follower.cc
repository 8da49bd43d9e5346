#include "eventstore/kafka/key_follower.h"

#include <utility>

#include "eventstore/log.h"
#include "model/named_thread.h"

namespace daybook::eventstore {
namespace {

constexpr std::chrono::milliseconds kLook{1000};  // for rows, before asking again whether to end

}  // namespace

KeyFollower::KeyFollower(const KafkaOptions& options, std::uint32_t partition)
    : topic_(options.keys_topic()), consumer_(options, topic_, partition, 0) {}

KeyFollower::~KeyFollower() { stop(); }

void KeyFollower::start(OnRow on_row, OnFailure on_failure) {
  on_row_ = std::move(on_row);
  on_failure_ = std::move(on_failure);
  thread_ = model::named_thread("kafka-keys", [this](const std::stop_token& stop) { run(stop); });
}

void KeyFollower::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  consumer_.wake();
  thread_.join();
}

void KeyFollower::run(const std::stop_token& stop) {
  try {
    while (!stop.stop_requested()) {
      auto event = consumer_.poll(kLook);
      if (auto* message = std::get_if<KafkaConsumer::Message>(&event)) read(std::move(*message));
      if (const auto* end = std::get_if<KafkaConsumer::End>(&event)) move_to(end->offset);
    }
  } catch (const std::exception& error) {
    {
      const std::lock_guard lock(mutex_);
      failure_ = std::current_exception();
    }
    moved_.notify_all();
    on_failure_(error.what());
  }
}

void KeyFollower::read(KafkaConsumer::Message message) {
  const auto row = read_key_row(message.key, message.value);
  if (!row) {
    throw LogDamaged(
        {topic_, std::nullopt, message.offset,
         "a row of the topic of keys is none; another program wrote there, or a later version of this one"});
  }
  {
    const std::lock_guard lock(mutex_);
    table_.read(*row);
    position_ = message.offset + 1;
  }
  moved_.notify_all();
  on_row_(*row);
}

// Compaction takes rows away, so the end may lie beyond the last one.
void KeyFollower::move_to(std::uint64_t position) {
  {
    const std::lock_guard lock(mutex_);
    position_ = std::max(position_, position);
  }
  moved_.notify_all();
}

std::optional<std::string> KeyFollower::find(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  return table_.find(name);
}

std::vector<WrappedKey> KeyFollower::all() const {
  const std::lock_guard lock(mutex_);
  return table_.all();
}

bool KeyFollower::holds(const KeyRow& row) const {
  const std::lock_guard lock(mutex_);
  return table_.holds(row);
}

std::uint64_t KeyFollower::position() const {
  const std::lock_guard lock(mutex_);
  return position_;
}

bool KeyFollower::wait_for(std::uint64_t position, std::chrono::milliseconds wait,
                           const std::function<bool()>& interrupted) const {
  std::unique_lock lock(mutex_);
  moved_.wait_for(lock, wait, [&] { return position_ >= position || failure_ || interrupted(); });
  if (position_ < position && failure_) std::rethrow_exception(failure_);
  return position_ >= position;
}

void KeyFollower::check() const {
  const std::lock_guard lock(mutex_);
  if (failure_) std::rethrow_exception(failure_);
}

void KeyFollower::wake() {
  {
    const std::lock_guard lock(mutex_);
  }
  moved_.notify_all();
}

}  // namespace daybook::eventstore
