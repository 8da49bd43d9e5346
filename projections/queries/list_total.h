#pragma once

#include "projections/queries/list_filter.h"

namespace daybook::projections {

/// How many records the request matches: from the counters for at most one filter by value or presence, else counted,
/// up to the request's count_records and within one page's scan budget.
ListTotal total_of(const domain::RowReader& rows, const ListRequest& request, const ListFilter& filter);

}  // namespace daybook::projections
