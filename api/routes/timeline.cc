#include "projections/queries/timeline.h"
#include "api/event_json.h"
#include "api/page.h"
#include "api/render.h"
#include "api/routes/reads.h"
#include "api/routes/records.h"
#include "daybook/v1/contact.pb.h"
#include "daybook/v1/deal.pb.h"
#include "daybook/v1/work.pb.h"
#include "domain/store.h"
#include "model/time.h"
#include "projections/history.h"
#include "projections/projector.h"

namespace daybook::api {
namespace {

// The members of the note's or activity's own record, without braces.
std::string record_members(const domain::RowReader& rows, const model::Kind& kind, const model::Uuid& id) {
  const auto record = domain::View(rows, {}).record(kind, id);
  if (!record) return "\"id\":" + json_string(id.text());
  const std::string json = record_json(rows, kind, id, *record);
  return json.substr(1, json.size() - 2);
}

// What happened, seen from its event: the deal as it was won, the contact that went into this one.
std::string event_members(const domain::RowReader& rows, const projections::AuditEntry& entry) {
  std::string out = "\"position\":" + std::to_string(entry.position) + ",\"actor\":" + actor_json(entry.actor);
  if (entry.event.name == "contact.merged") {
    const auto duplicate = model::get_uuid(entry.event.data, v1::ContactMerged::kDuplicateIdFieldNumber);
    const auto record = duplicate ? projections::record_before(rows, *duplicate, entry.position) : std::nullopt;
    if (!record) return out + ",\"duplicate\":null";
    return out + ",\"contact_id\":" + json_string(entry.event.id.text()) +
           ",\"duplicate_id\":" + json_string(duplicate->text()) +
           ",\"duplicate\":" + record_json(rows, domain::kind_of<v1::Contact>(), *duplicate, *record);
  }
  const auto deal = projections::record_as_of(rows, entry.event.id, entry.position);
  return out + ",\"deal_id\":" + json_string(entry.event.id.text()) +
         ",\"deal\":" + (deal ? record_json(rows, domain::kind_of<v1::Deal>(), entry.event.id, *deal) : "null");
}

std::string entry_json(const domain::RowReader& rows, const projections::TimelineEntry& entry) {
  std::string out =
      "{\"kind\":" + json_string(entry.kind) + ",\"at\":" + json_string(model::format_time(entry.time_us));
  if (entry.kind == "note") {
    out += "," + record_members(rows, domain::kind_of<v1::Note>(), entry.id);
  } else if (entry.kind == "activity") {
    out += "," + record_members(rows, domain::kind_of<v1::Activity>(), entry.id);
  } else if (const auto event = projections::audit_entry(rows, entry.position)) {
    out += "," + event_members(rows, *event);
  }
  return out + "}";
}

}  // namespace

void get_timeline(Call& call) {
  if (!call.allow_parameters({"limit", "cursor", "include_deleted"})) return;
  const auto rows = call.rows();
  const auto contact = find_record(call, domain::kind_of<v1::Contact>(), *rows);
  if (!contact) return;
  const auto limit = page_limit(call);
  if (!limit) return;
  const auto start = page_start(call);
  if (!start) return;
  const auto page = projections::timeline(*rows, contact->id, *start, *limit);
  std::string data;
  for (const auto& entry : page.entries) data.append(data.empty() ? "" : ",").append(entry_json(*rows, entry));
  reply_page(call, data, page.next, projections::read_head(*rows).last_position());
}

}  // namespace daybook::api
