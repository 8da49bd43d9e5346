#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "projections/queries/list_filter.h"
#include "projections/queries/list_order.h"
#include "projections/queries/list_streams.h"

namespace daybook::projections {

/// Reads a list's rows in their order, tests each, and leaps with the streams over rows that cannot match.
class ListWalk {
 public:
  enum class End { kFinished, kFull, kCut };
  /// Called with each match; false ends the walk before it.
  using Visit = std::function<bool(const model::Uuid& id, std::string record)>;

  /// All outlive the walk. `start` is the first place looked at.
  ListWalk(const domain::RowReader& rows, const model::Kind& kind, const ListFilter& filter, const ListOrder& order,
           ListStreams& streams, ListPlace start)
      : rows_(rows), kind_(kind), filter_(filter), order_(order), streams_(streams), place_(std::move(start)) {}

  /// Goes on to the end, until `visit` ends it or the budget does. Without `with_records` the record is read only where
  /// a test needs it.
  End run(ScanBudget& budget, bool with_records, const Visit& visit);
  /// The first place that was not looked at.
  const ListPlace& place() const { return place_; }

 private:
  End run_section(const ListSection& section, ScanBudget& budget, bool with_records, const Visit& visit);
  // The record that the row stands for, if it matches; empty where none was asked for.
  std::optional<std::string> match(const model::Uuid& id, std::string_view row, ScanBudget& budget,
                                   bool with_records) const;
  std::size_t patience() const;

  const domain::RowReader& rows_;
  const model::Kind& kind_;
  const ListFilter& filter_;
  const ListOrder& order_;
  ListStreams& streams_;
  ListPlace place_;
};

}  // namespace daybook::projections
