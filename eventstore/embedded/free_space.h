#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>

namespace daybook::eventstore {

/// Whether a volume has come below its floor of free space; asks the file system ten times a second at most.
/// Thread-safe.
class FreeSpace {
 public:
  /// `measure` stands in for the file system in tests and is then asked every time; empty: the volume of `directory`.
  FreeSpace(std::filesystem::path directory, std::uint64_t floor_bytes, std::function<std::uint64_t()> measure);
  bool below_floor();

 private:
  const std::filesystem::path directory_;
  const std::uint64_t floor_bytes_;
  const std::function<std::uint64_t()> measure_;
  std::atomic<std::chrono::steady_clock::time_point> next_look_{};
  std::atomic<bool> below_ = false;
};

}  // namespace daybook::eventstore
