#include "projections/queries/list.h"

#include <algorithm>
#include <limits>

#include "model/row_key.h"
#include "model/wire.h"
#include "projections/queries/list_gather.h"
#include "projections/queries/list_total.h"
#include "projections/queries/list_walk.h"

namespace daybook::projections {
namespace {

// One page in the making. It is full at one item more than asked for: that one begins the next page.
class PageReader {
 public:
  PageReader(const domain::RowReader& rows, const ListRequest& request, const ListFilter& filter)
      : rows_(rows),
        request_(request),
        filter_(filter),
        order_(request),
        position_(decode_position(request.position, order_)),
        streams_(open_streams(rows, request, opening_)),
        budget_(request.limits.scan_units << (2 * position_.cuts)),
        walk_(rows, *request.kind, filter_, order_, streams_, position_.place) {}

  ListPage read() {
    if (gathering_is_cheaper() && gather_rest()) return finish();
    if (can_gather(request_)) {
      ScanBudget trial(std::min(request_.limits.trial_units, budget_.left()));
      const auto end = run(trial);
      budget_.spend(trial.spent());
      if (end != ListWalk::End::kCut) return finish();
      add_gathered(rows_, request_, streams_);
      if (!order_.by_id() && !streams_.ids.empty() && gather_rest()) return finish();
    }
    if (run(budget_) == ListWalk::End::kCut) {
      ++position_.cuts;
      go_on_at(walk_.place());
    }
    return finish();
  }

 private:
  // Few ids under a sort of their own: reading them all costs less than scanning the order for them.
  bool gathering_is_cheaper() const {
    if (order_.by_id() || !streams_.fewest) return false;
    const std::uint64_t ids = std::max<std::uint64_t>(*streams_.fewest, 1);
    return ids <= request_.limits.gather_ids &&
           ids * ScanBudget::kRecord <= (request_.limit + 1) * streams_.records / ids;
  }

  ListWalk::End run(ScanBudget& budget) {
    const auto end = walk_.run(budget, true, [this](const model::Uuid& id, std::string record) {
      if (page_.items.size() == request_.limit) return false;
      page_.items.push_back({id, std::move(record)});
      return true;
    });
    if (end == ListWalk::End::kFull) go_on_at(walk_.place());
    return end;
  }

  bool gather_rest() {
    const std::size_t wanted = request_.limit - page_.items.size();
    ScanBudget budget(request_.limits.gather_ids * 2 * (ScanBudget::kSeek + ScanBudget::kRecord));
    auto found = gather(rows_, request_, filter_, order_, streams_, walk_.place(), wanted + 1, budget);
    budget_.spend(budget.spent());
    if (!found) return false;
    if (found->size() > wanted) {
      go_on_at(found->back().place);
      found->pop_back();
    }
    for (const GatheredPlace& place : *found) {
      if (auto record = rows_.get(model::entity_key(request_.kind->number, place.id))) {
        page_.items.push_back({place.id, std::move(*record)});
      }
    }
    return true;
  }

  void go_on_at(const ListPlace& place) {
    position_.place = place;
    page_.next = encode(position_);
  }

  ListPage finish() {
    page_.units = opening_.spent() + budget_.spent();
    return std::move(page_);
  }

  const domain::RowReader& rows_;
  const ListRequest& request_;
  const ListFilter& filter_;
  ListOrder order_;
  ListPosition position_;
  ScanBudget opening_{std::numeric_limits<std::size_t>::max()};  // bounded by itself, and the walk must go on after it
  ListStreams streams_;
  ScanBudget budget_;
  ListWalk walk_;
  ListPage page_;
};

void append(std::string& out, const model::Field* field, const ListValue& value) {
  if (field == nullptr || !field->is_bytes()) {
    model::append_varint_field(out, 2, static_cast<std::uint64_t>(value.integer));
  } else {
    model::append_bytes_field(out, 3, value.bytes);
  }
}

void append(std::string& out, const ListColumn& column) {
  model::append_varint_field(out, 4, static_cast<std::uint64_t>(column.of));
  model::append_varint_field(out, 5, column.field == nullptr ? 0 : column.field->number);
}

}  // namespace

ListPage list(const domain::RowReader& rows, const ListRequest& request) {
  const ListFilter filter(request);
  ListPage page;
  if (!filter.matches_nothing()) page = PageReader(rows, request, filter).read();
  if (request.total) page.total = filter.matches_nothing() ? ListTotal{} : total_of(rows, request, filter);
  return page;
}

std::string identity(const ListRequest& request) {
  std::string out;
  model::append_varint_field(out, 1, request.kind->number);
  for (const ValueFilter& filter : request.values) {
    model::append_varint_field(out, 6, filter.field->number);
    model::append_varint_field(out, 7, filter.or_unset ? 1 : 0);
    for (const ListValue& value : filter.values) append(out, filter.field, value);
  }
  for (const PresenceFilter& filter : request.presences) {
    model::append_varint_field(out, filter.present ? 8 : 9, filter.field->number);
  }
  for (const RangeFilter& range : request.ranges) {
    model::append_varint_field(out, 10, (range.least ? 1U : 0U) | (range.most ? 2U : 0U));
    append(out, range.column);
    if (range.least) append(out, range.column.field, *range.least);
    if (range.most) append(out, range.column.field, *range.most);
  }
  for (const std::string& word : request.words) model::append_bytes_field(out, 11, word);
  model::append_varint_field(out, 12, (request.include_deleted ? 1U : 0U) | (request.descending ? 2U : 0U));
  append(out, request.sort);
  return out;
}

}  // namespace daybook::projections
