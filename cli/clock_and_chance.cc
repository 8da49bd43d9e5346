#include "cli/clock_and_chance.h"

#include <array>
#include <chrono>

#include "eventstore/seal.h"

namespace daybook::cli {

std::int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::uint64_t random_number() {
  std::array<std::uint8_t, 8> bytes{};
  eventstore::random_bytes(bytes);
  std::uint64_t number = 0;
  for (const std::uint8_t byte : bytes) number = number << 8 | byte;
  return number;
}

model::Uuid random_id() {
  return model::Uuid::version7(now_us() / 1000, static_cast<std::uint32_t>(random_number()), random_number());
}

}  // namespace daybook::cli
