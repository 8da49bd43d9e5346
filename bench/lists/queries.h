#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "daybook/v1/contact.pb.h"
#include "projections/queries/list.h"

namespace daybook::bench {

/// A list as it is asked for, and what it means by the record alone.
struct Query {
  std::string name;
  projections::ListRequest request;
  std::function<bool(const v1::Contact&)> matches;
  std::function<std::string(const v1::Contact&)> sort_key;  // in an order of bytes
  bool is_target = false;                                   // quality.md names it
};

/// Filters × sorts: everything, three filters of 50 % each, disjoint pairs, owners, words.
std::vector<Query> all_queries();

}  // namespace daybook::bench
