#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "projections/queries/list.h"

namespace daybook::projections {

/// The order of a list as one or two runs of rows: records by the value of the sort column, then those without one.
struct ListSection {
  std::string prefix;  // a row's key goes on with its tail: the ordered value, and the id
  std::string low;     // first key
  std::string high;    // the key after the last
  bool by_id = false;  // no value before the id, so a row can be sought by it
};

/// Where a record stands in the order. Bytes of `tail` compare as records do, backwards when descending.
struct ListPlace {
  std::size_t section = 0;
  std::string tail;  // empty: the beginning of the section
};

class ListOrder {
 public:
  explicit ListOrder(const ListRequest& request);

  const std::vector<ListSection>& sections() const { return sections_; }
  bool descending() const { return descending_; }
  /// Ids alone, so that streams of ids lead to the rows.
  bool by_id() const { return sections_.front().by_id; }

  ListPlace place_of(const model::Uuid& id, std::string_view record) const;
  bool before(const ListPlace& a, const ListPlace& b) const;

 private:
  ListColumn column_;
  bool descending_;
  std::vector<ListSection> sections_;
};

/// Rows of the column's own order between the bounds of `range`.
ListSection range_section(const model::Kind& kind, const ListColumn& column, const RangeFilter* range);

/// A page's place and how often the pages before it were cut short, which makes its budget.
struct ListPosition {
  ListPlace place;
  unsigned cuts = 0;
};
std::string encode(const ListPosition& position);
/// The start for empty bytes. Throws std::logic_error on bytes that `encode` did not write.
ListPosition decode_position(std::string_view bytes, const ListOrder& order);

}  // namespace daybook::projections
