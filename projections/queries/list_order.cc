#include "projections/queries/list_order.h"

#include <algorithm>
#include <stdexcept>

#include "domain/store.h"
#include "model/row_key.h"
#include "model/wire.h"
#include "projections/derived_rows.h"
#include "projections/queries/list_filter.h"

namespace daybook::projections {
namespace {

constexpr unsigned kMostCuts = 7;

std::string id_time(std::int64_t time_us) {
  constexpr std::int64_t kLatest = (1LL << 48) - 1;
  const std::int64_t time_ms = std::clamp<std::int64_t>(floor_ms(time_us), 0, kLatest);
  std::string out;
  for (int shift = 40; shift >= 0; shift -= 8) out += static_cast<char>(time_ms >> shift & 255);
  return out;
}

std::string prefix_of(const model::Kind& kind, const ListColumn& column) {
  if (column.of == ListColumn::Of::kCreatedAt) return list_prefix(kind.number);
  return sort_prefix(kind.number, column.of == ListColumn::Of::kUpdatedAt ? kUpdatedAtSort : column.field->number);
}

std::string bound(const ListColumn& column, const ListValue& value) {
  if (column.of == ListColumn::Of::kCreatedAt) return id_time(value.integer);
  if (column.of == ListColumn::Of::kUpdatedAt) return model::ordered_integer(value.integer);
  return ordered_value(*column.field, value.bytes, value.integer);
}

}  // namespace

ListSection range_section(const model::Kind& kind, const ListColumn& column, const RangeFilter* range) {
  ListSection section;
  section.prefix = prefix_of(kind, column);
  section.by_id = column.of == ListColumn::Of::kCreatedAt;
  section.low = section.prefix;
  section.high = domain::after_prefix(section.prefix);
  if (range == nullptr) return section;
  if (range->least) section.low = section.prefix + bound(column, *range->least);
  if (range->most) section.high = domain::after_prefix(section.prefix + bound(column, *range->most));
  return section;
}

ListOrder::ListOrder(const ListRequest& request) : column_(request.sort), descending_(request.descending) {
  ListSection section = range_section(*request.kind, column_, nullptr);
  bool bounded = false;
  for (const RangeFilter& range : request.ranges) {
    if (range.column != column_) continue;
    const ListSection narrower = range_section(*request.kind, column_, &range);
    section.low = std::max(section.low, narrower.low);
    section.high = std::min(section.high, narrower.high);
    bounded = true;
  }
  sections_.push_back(std::move(section));
  if (column_.of != ListColumn::Of::kField || bounded) return;
  const std::string prefix = unsorted_prefix(request.kind->number, column_.field->number);
  sections_.push_back({prefix, prefix, domain::after_prefix(prefix), true});
}

ListPlace ListOrder::place_of(const model::Uuid& id, std::string_view record) const {
  if (column_.of == ListColumn::Of::kCreatedAt) return {0, std::string(id.view())};
  if (column_.of == ListColumn::Of::kUpdatedAt) {
    return {0, model::ordered_integer(domain::meta_of(record).updated_at()).append(id.view())};
  }
  ListPlace place{1, std::string(id.view())};
  model::WireReader reader(record);
  for (model::WireField wire; reader.next(wire);) {
    if (wire.number != column_.field->number) continue;
    const auto integer = static_cast<std::int64_t>(wire.varint);
    place = {0, ordered_value(*column_.field, wire.bytes, integer).append(id.view())};
  }
  return place;
}

bool ListOrder::before(const ListPlace& a, const ListPlace& b) const {
  if (a.section != b.section) return a.section < b.section;
  if (a.tail.empty() || b.tail.empty()) return a.tail.empty() && !b.tail.empty();
  return descending_ ? b.tail < a.tail : a.tail < b.tail;
}

std::string encode(const ListPosition& position) {
  std::string out;
  out += static_cast<char>(std::min(position.cuts, kMostCuts));
  out += static_cast<char>(position.place.section);
  return out + position.place.tail;
}

ListPosition decode_position(std::string_view bytes, const ListOrder& order) {
  if (bytes.empty()) return {};
  ListPosition position;
  if (bytes.size() >= 2) {
    position.cuts = static_cast<std::uint8_t>(bytes[0]);
    position.place = {static_cast<std::uint8_t>(bytes[1]), std::string(bytes.substr(2))};
  }
  if (bytes.size() < 2 || position.cuts > kMostCuts || position.place.section >= order.sections().size()) {
    throw std::logic_error("a list position that no page gave; pass on only what api/cursor.h has opened");
  }
  return position;
}

}  // namespace daybook::projections
