#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace daybook::eventstore {

/// Holds answers that no record of their own proves, such as a refusal, until it is certain that no other process had
/// the partition when they were decided: the log is asked for its end after that, and what stands before the end is
/// read. A node that slept, or lost its brokers, finds the claim of its successor there. One question serves all the
/// answers that came before it. Ongaro, "Consensus: Bridging Theory and Practice" (2014), §6.4, calls this the read
/// index. Thread-safe.
class ReadBarrier {
 public:
  /// The end of the log as of now. Throws LogUnreachable.
  using AskEnd = std::function<std::uint64_t()>;
  /// Waits until everything before the end was read: the epoch then, if it is this process's. Nothing where it is
  /// another's, or reading takes too long.
  using EpochAt = std::function<std::optional<std::uint64_t>(std::uint64_t end)>;
  using Answer = std::function<void(bool is_certain)>;

  ReadBarrier(AskEnd ask_end, EpochAt epoch_at);
  /// What is held is still answered; later ones are, at once, as not certain.
  ~ReadBarrier();
  ReadBarrier(const ReadBarrier&) = delete;
  ReadBarrier& operator=(const ReadBarrier&) = delete;

  /// Does not block. `answer` is called once, from the barrier's thread, and certain if the process had the partition
  /// by the claim `epoch` all the time.
  void hold(std::uint64_t epoch, Answer answer);
  /// As the destructor.
  void stop();

 private:
  struct Held {
    std::uint64_t epoch;
    Answer answer;
  };

  void run(const std::stop_token& stop);
  std::optional<std::uint64_t> epoch_now() const;

  const AskEnd ask_end_;
  const EpochAt epoch_at_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<Held> held_;   // by mutex_
  bool is_stopped_ = false;  // likewise
  std::jthread thread_;
};

}  // namespace daybook::eventstore
