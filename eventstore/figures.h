#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "eventstore/log.h"

namespace daybook::eventstore {

/// Plain numbers about a running part, for whoever shows them. No names and no texts of any workspace.

/// How often a value was at most each bound. Any thread observes, any reads; a reading may miss what is just counted.
class Histogram {
 public:
  static constexpr std::size_t kMostBounds = 16;

  /// Ascending bounds, at most kMostBounds; greater values are counted above them all.
  explicit Histogram(const std::vector<std::uint64_t>& bounds);
  void observe(std::uint64_t value);

  struct Reading {
    struct Bucket {
      std::uint64_t bound = 0;
      std::uint64_t count = 0;  // of values up to the bound
    };
    std::vector<Bucket> buckets;
    std::uint64_t count = 0;
    std::uint64_t sum = 0;

    /// Adds what another histogram with the same bounds read.
    Reading& operator+=(const Reading& other);
  };
  Reading read() const;

 private:
  std::size_t size_ = 0;
  std::array<std::uint64_t, kMostBounds> bounds_{};
  std::array<std::atomic<std::uint64_t>, kMostBounds + 1> counts_{};
  std::atomic<std::uint64_t> sum_ = 0;
};

/// Bounds in microseconds, from 100 µs to 10 s.
const std::vector<std::uint64_t>& latency_bounds();

/// The writer of a partition.
struct WriterFigures {
  std::uint64_t queued = 0;   // commands waiting to be decided
  std::uint64_t pending = 0;  // decided and not yet applied
  std::uint64_t applied_offset = 0;
  std::uint64_t log_end = 0;
  Health health = Health::kOk;
  bool takes_commands = false;  // neither failed nor stopping, and this process has the partition
  bool is_in_doubt = false;     // until what is pending is decided by a new claim
  bool has_failed = false;      // nothing is taken any more, and the process should stop
  bool stands_by = false;       // another process has the partition, or none
  std::size_t damaged_workspaces = 0;
  std::vector<std::uint64_t> outcomes;  // of commands, by Outcome::Kind
  Histogram::Reading append_to_apply;   // microseconds
  Histogram::Reading applied_batch;     // records

  /// Adds another writer of the same log: commands are taken where both take them.
  WriterFigures& operator+=(const WriterFigures& other);
};

}  // namespace daybook::eventstore
