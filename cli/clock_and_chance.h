#pragma once

#include <cstdint>

#include "model/uuid.h"

namespace daybook::cli {

/// What the composition root hands to code that has neither a clock nor randomness of its own.

/// Microseconds since 1970.
std::int64_t now_us();
std::uint64_t random_number();
/// A UUIDv7 of now.
model::Uuid random_id();

}  // namespace daybook::cli
