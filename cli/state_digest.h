#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "projections/state_store.h"

namespace daybook::cli {

/// What the rows of the state come to: a line per kind for its records, and one for each other type of row.
struct RowDigest {
  std::string name;    // contact, …, and unique, posting, list, …
  std::string sha256;  // hexadecimal
  std::uint64_t count = 0;
  bool operator==(const RowDigest&) const = default;
};

/// SHA-256 over the rows in key order, each as workspace (16 bytes), key and value, the last two with their length
/// before them (4 bytes, big-endian). Every kind and type is there, also without rows, always in the same order.
std::vector<RowDigest> digest_rows(const projections::StateStore& state);

}  // namespace daybook::cli
