#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "eventstore/kafka/consumer.h"
#include "eventstore/kafka/key_table.h"
#include "eventstore/log.h"

namespace daybook::eventstore {

/// Reads a partition of wrapped keys as it grows, in a thread of its own, and answers from memory what holds. Thread-
/// safe.
class KeyFollower {
 public:
  /// Sees each row as it was read, counted or not, after the table has it. Called from the follower's thread.
  using OnRow = std::function<void(const KeyRow&)>;
  /// The reading ended, and why; `wait_for` and `check` throw it.
  using OnFailure = std::function<void(const std::string&)>;

  /// `options` outlives the follower.
  KeyFollower(const KafkaOptions& options, std::uint32_t partition);
  ~KeyFollower();
  KeyFollower(const KeyFollower&) = delete;
  KeyFollower& operator=(const KeyFollower&) = delete;

  /// Once, before which nothing is read.
  void start(OnRow on_row, OnFailure on_failure);
  /// Nothing more is read or handed on.
  void stop();

  std::optional<std::string> find(const std::string& name) const;
  std::vector<WrappedKey> all() const;
  bool holds(const KeyRow& row) const;
  /// The offset of the next row.
  std::uint64_t position() const;
  /// Whether everything before the offset was read, waiting up to `wait` for it. `interrupted` ends the wait. Throws
  /// what ended the reading: LogDamaged where the topic lost rows.
  bool wait_for(std::uint64_t position, std::chrono::milliseconds wait, const std::function<bool()>& interrupted) const;
  /// Throws what ended the reading, if it has ended.
  void check() const;
  /// Makes those that wait look at `interrupted` again.
  void wake();

 private:
  void run(const std::stop_token& stop);
  void read(KafkaConsumer::Message message);
  void move_to(std::uint64_t position);

  const std::string topic_;
  KafkaConsumer consumer_;
  OnRow on_row_;
  OnFailure on_failure_;

  mutable std::mutex mutex_;
  mutable std::condition_variable moved_;
  KeyTable table_;  // by mutex_, as all below
  std::uint64_t position_ = 0;
  std::exception_ptr failure_;

  std::jthread thread_;
};

}  // namespace daybook::eventstore
