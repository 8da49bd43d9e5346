#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>

namespace daybook::eventstore {

/// How much of a volume is free, held against a floor; asks the file system ten times a second at most. Thread-safe.
class FreeSpace {
 public:
  /// `measure` stands in for the file system in tests and is then asked every time; empty: the volume of `directory`.
  FreeSpace(std::filesystem::path directory, std::uint64_t floor_bytes, std::function<std::uint64_t()> measure);
  /// Then nothing new is to be begun; what is under way has the room below for it.
  bool below_floor();
  /// Less than an eighth of the floor is left: nothing is to be written any more.
  bool is_used_up();

 private:
  std::uint64_t available();

  const std::filesystem::path directory_;
  const std::uint64_t floor_bytes_;
  const std::function<std::uint64_t()> measure_;
  std::atomic<std::chrono::steady_clock::time_point> next_look_{};
  std::atomic<std::uint64_t> available_ = 0;
};

}  // namespace daybook::eventstore
