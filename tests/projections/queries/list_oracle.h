#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/projections/queries/list_scene.h"

namespace daybook::projections::test {

/// One choice of filter, sort or direction: how it is asked for, and what it means by the record alone.
template <typename T>
struct Choice {
  std::string name;
  std::function<void(ListRequest&)> ask;
  std::function<bool(const T&)> matches;
};

/// The value a record is sorted by, in an order of bytes; nothing if it has none.
template <typename T>
struct SortChoice {
  std::string name;
  ListColumn column;
  std::function<std::optional<std::string>(const T&)> key;
};

std::vector<Choice<v1::Contact>> contact_choices();
std::vector<SortChoice<v1::Contact>> contact_sorts();
std::vector<Choice<v1::Deal>> deal_choices();
std::vector<SortChoice<v1::Deal>> deal_sorts();

/// What the list must give: all records, filtered and sorted in a vector.
template <typename T>
std::vector<model::Uuid> expected(const std::vector<std::pair<model::Uuid, T>>& records,
                                  const std::vector<const Choice<T>*>& choices, const SortChoice<T>& sort,
                                  const ListRequest& request) {
  struct Row {
    bool unset;
    std::string key;
    model::Uuid id;
  };
  std::vector<Row> rows;
  for (const auto& [id, record] : records) {
    bool matches = request.include_deleted || !record.meta().has_deleted_at();
    for (const Choice<T>* choice : choices) matches = matches && choice->matches(record);
    const auto key = sort.key(record);
    if (matches) rows.push_back({!key, key.value_or(""), id});
  }
  std::sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
    if (a.unset != b.unset) return b.unset;
    const auto tie = std::tie(a.key, a.id) <=> std::tie(b.key, b.id);
    return request.descending ? tie > 0 : tie < 0;
  });
  std::vector<model::Uuid> ids;
  for (const Row& row : rows) ids.push_back(row.id);
  return ids;
}

}  // namespace daybook::projections::test
