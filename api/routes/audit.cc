#include "api/event_json.h"
#include "api/feed.h"
#include "api/page.h"
#include "api/render.h"
#include "api/routes/reads.h"
#include "domain/store.h"
#include "model/row_key.h"
#include "model/time.h"
#include "projections/history.h"
#include "projections/projector.h"

namespace daybook::api {
namespace {

constexpr std::int64_t kDayUs = 24LL * 3600 * 1'000'000;

struct RecordName {
  const model::Kind* kind = nullptr;
  model::Uuid id;
};

// An audit entry names only ids; which kind an asked one is of, a row tells.
RecordName find_name(const domain::RowReader& rows, const model::Uuid& id) {
  for (const model::Kind& kind : model::schema().kinds()) {
    if (rows.get(model::entity_key(kind.number, id))) return {&kind, id};
  }
  return {nullptr, id};
}

std::string name_json(const RecordName& name) {
  return "{\"kind\":" + json_string(name.kind->name) + ",\"id\":" + json_string(name.id.text()) + "}";
}

std::string text_or_null(std::string_view text) { return text.empty() ? "null" : json_string(text); }

// `asked` is the record whose log this is, if it is one record's: an event about another one that changed it, such as
// a merge that moved a deal, shows what it did to this one.
std::string entry_json(const domain::RowReader& rows, const projections::AuditEntry& entry, const RecordName& asked) {
  const RecordName about{model::schema().kind(entry.event.kind), entry.event.id};
  const RecordName& record = asked.kind == nullptr ? about : asked;
  const auto before = projections::record_before(rows, record.id, entry.position);
  const auto after = projections::record_as_of(rows, record.id, entry.position);
  std::string out = "{\"position\":" + std::to_string(entry.position);
  out += ",\"at\":" + json_string(model::format_time(entry.time_us));
  out += ",\"actor\":" + actor_json(entry.actor);
  out += ",\"action\":" + json_string(entry.event.name);
  out += ",\"record\":" + name_json(record);
  if (about.id != record.id) out += ",\"caused_by\":" + name_json(about);
  out += ",\"changes\":" + changes_json(rows, *record.kind, before.value_or(""), after.value_or(""));
  out += ",\"origin\":" + text_or_null(entry.origin);
  out += ",\"request_id\":" + text_or_null(entry.request_id);
  return out + ",\"command_id\":" + json_string(entry.command.text()) + "}";
}

// An instant, or a whole day in UTC, whose first or last instant counts.
std::optional<std::int64_t> parse_bound(std::string_view text, bool end) {
  if (const auto date = model::parse_date(text)) {
    return model::days_from_civil(*date) * kDayUs + (end ? kDayUs - 1 : 0);
  }
  return model::parse_time(text);
}

bool read_id(Call& call, std::string_view name, std::optional<model::Uuid>& out) {
  const auto text = call.parameter(name);
  if (!text) return true;
  out = model::Uuid::parse(*text);
  if (!out) call.reject_parameter(name, std::string(name) + " is an id: a UUID.");
  return out.has_value();
}

bool read_times(Call& call, const domain::RowReader& rows, projections::AuditRequest& request) {
  for (const char* name : {"from", "to"}) {
    const auto text = call.parameter(name);
    if (!text) continue;
    const bool end = std::string_view(name) == "to";
    const auto time_us = parse_bound(*text, end);
    if (!time_us) {
      call.reject_parameter(name, std::string(name) + " is a date or an RFC 3339 time.");
      return false;
    }
    if (end) {
      request.most = std::min(request.most, projections::position_at(rows, *time_us));
    } else {
      request.least = projections::position_at(rows, *time_us - 1) + 1;
    }
  }
  return true;
}

// An action that there is not would be answered by an empty log; a pattern is not one either.
bool read_action(Call& call, std::optional<std::string>& out) {
  out = call.parameter("action");
  if (!out || is_event_name(*out)) return true;
  call.reject_parameter("action", "There is no event " + *out + "; action is one name such as contact.updated.");
  return false;
}

bool read_request(Call& call, const domain::RowReader& rows, projections::AuditRequest& request) {
  if (!read_action(call, request.action)) return false;
  if (!read_id(call, "record_id", request.record) || !read_id(call, "actor_id", request.actor)) return false;
  if (!read_times(call, rows, request)) return false;
  const auto limit = page_limit(call);
  if (!limit) return false;
  request.limit = *limit;
  const auto start = page_start(call);
  if (!start) return false;
  if (!start->empty()) request.most = std::min(request.most, parse_position(*start).value_or(0));
  return true;
}

}  // namespace

void get_audit(Call& call) {
  if (!call.allow_parameters({"record_id", "action", "actor_id", "from", "to", "limit", "cursor"})) return;
  const auto rows = call.rows();
  const std::uint64_t last = projections::read_head(*rows).last_position();
  projections::AuditRequest request;
  request.most = last;
  if (!read_request(call, *rows, request)) return;
  const RecordName asked = request.record ? find_name(*rows, *request.record) : RecordName{};
  const projections::AuditPage page = projections::audit_page(*rows, request);
  std::string data;
  for (const projections::AuditEntry& entry : page.entries) {
    data.append(data.empty() ? "" : ",").append(entry_json(*rows, entry, asked));
  }
  reply_page(call, data, page.next ? std::optional(std::to_string(*page.next)) : std::nullopt, last);
}

}  // namespace daybook::api
