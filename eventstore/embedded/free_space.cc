#include "eventstore/embedded/free_space.h"

#include <system_error>

namespace daybook::eventstore {
namespace {

constexpr std::chrono::milliseconds kInterval{100};

}  // namespace

FreeSpace::FreeSpace(std::filesystem::path directory, std::uint64_t floor_bytes, std::function<std::uint64_t()> measure)
    : directory_(std::move(directory)), floor_bytes_(floor_bytes), measure_(std::move(measure)) {}

bool FreeSpace::below_floor() { return available() < floor_bytes_; }

bool FreeSpace::is_used_up() { return available() < floor_bytes_ / 8; }

std::uint64_t FreeSpace::available() {
  if (measure_) return measure_();
  const auto now = std::chrono::steady_clock::now();
  if (now < next_look_.load()) return available_;
  std::error_code error;
  const auto space = std::filesystem::space(directory_, error);
  // A volume that cannot be asked is not to be trusted with a write either.
  available_ = error ? 0 : space.available;
  next_look_ = now + kInterval;
  return available_;
}

}  // namespace daybook::eventstore
