#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "projections/queries/id_stream.h"
#include "projections/queries/list.h"

namespace daybook::projections {

/// Live records that hold one of the filter's values, or none where it asks for that; from the counters. Nothing where
/// they do not tell: values of a repeated field overlap, or the field has too many values.
std::optional<std::uint64_t> count_matches(const domain::RowReader& rows, const model::Kind& kind,
                                           const ValueFilter& filter);
std::optional<std::uint64_t> count_present(const domain::RowReader& rows, const model::Kind& kind,
                                           const model::Field& field);
std::uint64_t count_records(const domain::RowReader& rows, const model::Kind& kind);

/// The filters of a request as streams of ids, each of which holds every match.
struct ListStreams {
  Intersection ids;
  std::uint64_t records = 0;            // live ones of the kind
  std::optional<std::uint64_t> fewest;  // ids in the smallest stream, where counters tell
  bool leaps_pay = false;               // a row alone does not tell a match, so that every miss is dear
};

/// What can be opened at once: postings of facets, and words of which few begin with what is asked for.
ListStreams open_streams(const domain::RowReader& rows, const ListRequest& request, ScanBudget& budget);

/// Adds those filters whose ids are found by reading a range, where it is short: words and ranges of sort columns.
/// False if none was.
bool add_gathered(const domain::RowReader& rows, const ListRequest& request, ListStreams& streams);
/// Whether the request has such filters.
bool can_gather(const ListRequest& request);

}  // namespace daybook::projections
