#include "projections/history.h"
#include "api/event_json.h"
#include "api/page.h"
#include "api/render.h"
#include "api/routes/reads.h"
#include "api/routes/records.h"
#include "domain/store.h"
#include "model/time.h"
#include "projections/projector.h"

namespace daybook::api {
namespace {

// Where a history goes on: with which event, and how many of its changes have been shown.
struct Place {
  std::uint64_t position = 0;
  std::size_t shown = 0;
};

std::optional<Place> place_of(Call& call, std::uint64_t last) {
  const auto start = page_start(call);
  if (!start) return std::nullopt;
  if (start->empty()) return Place{last, 0};
  const auto dot = start->find('.');
  return Place{parse_position(start->substr(0, dot)).value_or(0), parse_position(start->substr(dot + 1)).value_or(0)};
}

// One page of field changes, newest first.
class HistoryPage {
 public:
  HistoryPage(const domain::RowReader& rows, const model::Kind& kind, std::optional<std::string> field,
              std::size_t limit)
      : rows_(rows), kind_(kind), field_(std::move(field)), limit_(limit) {}

  void read(const model::Uuid& id, Place place) {
    constexpr std::size_t kMostStates = 2'000;  // looked at for one page
    projections::HistoryWalk walk(rows_, id, place.position);
    auto state = walk.next();
    for (std::size_t looked_at = 0; state; ++looked_at) {
      if (looked_at == kMostStates) return stop({state->position, 0});
      const auto before = walk.next();
      const std::size_t skip = state->position == place.position ? place.shown : 0;
      if (!add(*state, before ? std::string_view(before->record) : std::string_view(), skip)) return;
      state = before;
    }
  }

  const std::string& data() const { return data_; }
  const std::optional<std::string>& next() const { return next_; }

 private:
  void stop(Place place) { next_ = std::to_string(place.position) + "." + std::to_string(place.shown); }

  bool add(const projections::HistoryState& state, std::string_view before, std::size_t skip) {
    const auto changes = field_changes(rows_, kind_, before, state.record);
    const auto entry = projections::audit_entry(rows_, state.position);
    if (!entry) return true;
    for (std::size_t i = skip; i < changes.size(); ++i) {
      if (field_ && changes[i].name != *field_) continue;
      if (count_++ == limit_) {
        stop({state.position, i});
        return false;
      }
      add(*entry, changes[i]);
    }
    return true;
  }

  void add(const projections::AuditEntry& entry, const FieldChange& change) {
    if (!data_.empty()) data_ += ',';
    data_ += "{\"position\":" + std::to_string(entry.position);
    data_ += ",\"at\":" + json_string(model::format_time(entry.time_us));
    data_ += ",\"actor\":" + actor_json(entry.actor);
    data_ += ",\"action\":" + json_string(entry.event.name);
    data_ += ",\"field\":" + json_string(change.name);
    data_ += ",\"before\":" + change.before + ",\"after\":" + change.after + "}";
  }

  const domain::RowReader& rows_;
  const model::Kind& kind_;
  std::optional<std::string> field_;
  std::size_t limit_;
  std::size_t count_ = 0;
  std::string data_;
  std::optional<std::string> next_;
};

}  // namespace

Handle get_history(std::string_view name) {
  return [&kind = *model::schema().kind(name)](Call& call) {
    if (!call.allow_parameters({"field", "limit", "cursor", "include_deleted"})) return;
    const auto rows = call.rows();
    const auto record = find_record(call, kind, *rows);
    if (!record) return;
    const std::uint64_t last = projections::read_head(*rows).last_position();
    const auto limit = page_limit(call);
    if (!limit) return;
    const auto place = place_of(call, last);
    if (!place) return;
    HistoryPage page(*rows, kind, call.parameter("field"), *limit);
    page.read(record->id, *place);
    reply_page(call, page.data(), page.next(), last);
  };
}

}  // namespace daybook::api
