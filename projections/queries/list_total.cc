#include "projections/queries/list_total.h"

#include "projections/queries/list_walk.h"

namespace daybook::projections {
namespace {

std::optional<std::uint64_t> from_counters(const domain::RowReader& rows, const ListRequest& request) {
  if (request.include_deleted || !request.ranges.empty() || !request.words.empty()) return std::nullopt;
  if (request.values.size() + request.presences.size() > 1) return std::nullopt;
  if (!request.values.empty()) return count_matches(rows, *request.kind, request.values.front());
  const std::uint64_t records = count_records(rows, *request.kind);
  if (request.presences.empty()) return records;
  const PresenceFilter& filter = request.presences.front();
  // A sort field alone has no counters.
  if (!filter.field->presence && !filter.field->facet && !filter.field->packed) return std::nullopt;
  if (filter.field->repeated) return std::nullopt;
  const auto present = count_present(rows, *request.kind, *filter.field);
  if (!present) return std::nullopt;
  return filter.present ? *present : records - std::min(records, *present);
}

}  // namespace

ListTotal total_of(const domain::RowReader& rows, const ListRequest& request, const ListFilter& filter) {
  if (const auto count = from_counters(rows, request)) return {*count, true};
  ListRequest by_id = request;
  by_id.sort = {};
  by_id.descending = false;
  const ListOrder order(by_id);
  ScanBudget budget(request.limits.scan_units);
  ListStreams streams = open_streams(rows, by_id, budget);
  if (can_gather(by_id)) add_gathered(rows, by_id, streams);
  ListWalk walk(rows, *request.kind, filter, order, streams, {});
  ListTotal total;
  const auto end = walk.run(budget, false, [&](const model::Uuid&, const std::string&) {
    if (total.count == request.limits.count_records) return false;
    ++total.count;
    return true;
  });
  total.exact = end == ListWalk::End::kFinished;
  return total;
}

}  // namespace daybook::projections
