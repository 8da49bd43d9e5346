#pragma once

#include <optional>
#include <vector>

#include "projections/queries/list_filter.h"
#include "projections/queries/list_order.h"
#include "projections/queries/list_streams.h"

namespace daybook::projections {

struct GatheredPlace {
  ListPlace place;
  model::Uuid id;
};

/// The first `count` matches from `start` on in the list's order, found by reading every record that the streams hold.
/// Nothing if they hold more than the request's gather_ids.
std::optional<std::vector<GatheredPlace>> gather(const domain::RowReader& rows, const ListRequest& request,
                                                 const ListFilter& filter, const ListOrder& order, ListStreams& streams,
                                                 const ListPlace& start, std::size_t count, ScanBudget& budget);

}  // namespace daybook::projections
