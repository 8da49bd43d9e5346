#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace daybook::bench {

/// Ranks from 0 under `count`, Zipf with exponent 0.99, by inversion of the continuous distribution.
std::uint64_t zipf(std::mt19937_64& random, std::uint64_t count);

/// The JSON of a contact of 25 fields, about 875 bytes; `number` makes its e-mail unique and gives 20 in a row one
/// company.
std::string contact_text(std::mt19937_64& random, std::uint64_t number, const std::string& owner_id);

}  // namespace daybook::bench
