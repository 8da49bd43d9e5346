#include "eventstore/embedded/free_space.h"

#include <system_error>

namespace daybook::eventstore {
namespace {

constexpr std::chrono::milliseconds kInterval{100};

}  // namespace

FreeSpace::FreeSpace(std::filesystem::path directory, std::uint64_t floor_bytes, std::function<std::uint64_t()> measure)
    : directory_(std::move(directory)), floor_bytes_(floor_bytes), measure_(std::move(measure)) {}

bool FreeSpace::below_floor() {
  if (measure_) return measure_() < floor_bytes_;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_look_.load()) return below_;
  next_look_ = now + kInterval;
  std::error_code error;
  const auto space = std::filesystem::space(directory_, error);
  // A volume that cannot be asked is not to be trusted with a write either.
  below_ = error || space.available < floor_bytes_;
  return below_;
}

}  // namespace daybook::eventstore
