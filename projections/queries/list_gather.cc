#include "projections/queries/list_gather.h"

#include <algorithm>

#include "model/row_key.h"

namespace daybook::projections {
namespace {

model::Uuid first_id(bool descending) {
  model::Uuid id;
  if (descending) id.bytes.fill(0xFF);
  return id;
}

// The id after `id` in the direction; nothing after the last.
std::optional<model::Uuid> neighbour(model::Uuid id, bool descending) {
  for (std::size_t i = id.bytes.size(); i-- > 0;) {
    const std::uint8_t wraps_at = descending ? 0 : 0xFF;
    const bool wraps = id.bytes[i] == wraps_at;
    id.bytes[i] = static_cast<std::uint8_t>(id.bytes[i] + (descending ? 0xFF : 1));
    if (!wraps) return id;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::vector<GatheredPlace>> gather(const domain::RowReader& rows, const ListRequest& request,
                                                 const ListFilter& filter, const ListOrder& order, ListStreams& streams,
                                                 const ListPlace& start, std::size_t count, ScanBudget& budget) {
  const auto before = [&](const GatheredPlace& a, const GatheredPlace& b) { return order.before(a.place, b.place); };
  std::vector<GatheredPlace> first;  // a heap: the last of the best on top
  streams.ids.rewind();
  std::optional<model::Uuid> next = first_id(order.descending());
  for (std::size_t seen = 0; next; ++seen) {
    const Intersection::Leap leap = streams.ids.seek(*next, budget);
    if (leap.result == Intersection::Result::kEnd) break;
    if (leap.result == Intersection::Result::kCut || seen == request.limits.gather_ids) return std::nullopt;
    next = neighbour(leap.id, order.descending());
    const auto record = rows.get(model::entity_key(request.kind->number, leap.id));
    budget.spend(ScanBudget::kRecord);
    if (!record || !filter.record_matches(leap.id, *record)) continue;
    GatheredPlace found{order.place_of(leap.id, *record), leap.id};
    if (order.before(found.place, start)) continue;
    if (first.size() == count && !before(found, first.front())) continue;
    first.push_back(std::move(found));
    std::push_heap(first.begin(), first.end(), before);
    if (first.size() <= count) continue;
    std::pop_heap(first.begin(), first.end(), before);
    first.pop_back();
  }
  std::sort_heap(first.begin(), first.end(), before);
  return first;
}

}  // namespace daybook::projections
