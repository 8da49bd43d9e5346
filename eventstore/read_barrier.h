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
/// answers that came before it. The end is the one that the partition's leader knows; a broker that was deposed, and
/// cut off from the others before it heard of it, may still name an older one (KIP-207 closes that for new leaders
/// alone), so for as long as it is asked the certainty is that leader's. Ongaro, "Consensus: Bridging Theory and
/// Practice" (2014), §6.4, calls this the read index. Thread-safe.
class ReadBarrier {
 public:
  /// The end of the log as of now. Throws LogUnreachable.
  using AskEnd = std::function<std::uint64_t()>;
  /// Waits until everything before the end was read: the epoch since which this process has had the partition without
  /// a break. Nothing where it is another's then, or reading takes too long.
  using OwnSince = std::function<std::optional<std::uint64_t>(std::uint64_t end)>;
  using Answer = std::function<void(bool is_certain)>;

  ReadBarrier(AskEnd ask_end, OwnSince own_since);
  /// What is held is still answered; later ones are, at once, as not certain.
  ~ReadBarrier();
  ReadBarrier(const ReadBarrier&) = delete;
  ReadBarrier& operator=(const ReadBarrier&) = delete;

  /// Does not block. `answer` is called once, from the barrier's thread, and certain if the process has had the
  /// partition since `epoch`.
  void hold(std::uint64_t epoch, Answer answer);
  /// As the destructor.
  void stop();

 private:
  struct Held {
    std::uint64_t epoch;
    Answer answer;
  };

  void run(const std::stop_token& stop);
  std::optional<std::uint64_t> own_since_now() const;

  const AskEnd ask_end_;
  const OwnSince own_since_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<Held> held_;   // by mutex_
  bool is_stopped_ = false;  // likewise
  std::jthread thread_;
};

}  // namespace daybook::eventstore
