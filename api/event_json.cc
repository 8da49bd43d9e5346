#include "api/event_json.h"

#include <algorithm>

#include "api/render.h"
#include "daybook/v1/common.pb.h"
#include "daybook/v1/contact.pb.h"
#include "domain/store.h"
#include "eventstore/codec.h"
#include "model/json_writer.h"
#include "model/time.h"
#include "model/wire.h"
#include "projections/history.h"

namespace daybook::api {
namespace {

constexpr std::uint32_t kMetaField = 1;

constexpr std::uint64_t bit(std::uint32_t number) { return std::uint64_t{1} << number; }

// One field's value as JSON: the object of that field alone, without its braces and name.
std::string value_json(const model::Kind& kind, const model::Field& field, std::string_view record) {
  std::string object;
  model::write_message(object, *kind.message, record,
                       {.selection = {.fields = bit(field.number), .meta = 0}, .currency = {}});
  return object.substr(field.name.size() + 4, object.size() - field.name.size() - 5);
}

std::string deleted_at_json(std::string_view record) {
  const v1::Meta meta = domain::meta_of(record);
  return meta.has_deleted_at() ? json_string(model::format_time(meta.deleted_at())) : "null";
}

bool is_contact(const model::Kind& kind) { return kind.number == domain::kind_of<v1::Contact>().number; }

void add_member(std::string& out, std::string_view name, std::string_view json) {
  if (out.back() != '{') out += ',';
  out += json_string(name);
  out.append(":").append(json);
}

bool is_fact(const model::Kind& kind, const domain::Event& event) {
  return event.name == kind.created_event || event.name == kind.updated_event;
}

// What a generic fact says are the fields it sets and those it clears.
model::Selection selection_of(const domain::Event& event) {
  model::Selection selection{.fields = 0, .meta = 0};
  model::WireReader reader(event.data);
  for (model::WireField field; reader.next(field);) selection.fields |= bit(field.number & 63);
  for (const std::uint32_t number : event.cleared) selection.fields |= bit(number & 63);
  return selection;
}

// Numbers of the fields that differ. An amount also differs where the digits of its currency do: 100 minor units are
// 1.00 EUR and 100 JPY.
std::vector<std::uint32_t> shown_differently(const model::Kind& kind, std::string_view before, std::string_view after) {
  std::vector<std::uint32_t> numbers = model::changed_fields(before, after);
  for (const model::Field& field : kind.message->fields) {
    if (field.type != model::FieldType::kMoney || std::ranges::binary_search(numbers, field.number)) continue;
    if (value_json(kind, field, before) == value_json(kind, field, after)) continue;
    numbers.insert(std::ranges::upper_bound(numbers, field.number), field.number);
  }
  return numbers;
}

const model::Message& message_of(const domain::Event& event) {
  static const eventstore::EventMessages kMessages;
  return kMessages.of(event.name);
}

std::string own_json(const model::Kind& kind, const domain::Event& event, std::string_view record) {
  const model::Field* currency = kind.message->field("currency");
  model::WriteOptions options;
  if (is_fact(kind, event)) options.selection = selection_of(event);
  if (currency != nullptr) options.currency = model::get_bytes(record, currency->number).value_or(std::string_view{});
  std::string out;
  model::write_message(out, message_of(event), event.data, options);
  return out;
}

std::string data_json(const domain::RowReader& rows, const domain::Event& event, std::string_view before,
                      std::string_view after) {
  const model::Kind& kind = *model::schema().kind(event.kind);
  std::string out = "{";
  add_member(out, "record", after.empty() ? "null" : record_json(rows, kind, event.id, after));
  add_member(out, "changed", changes_json(rows, kind, before, after));
  add_member(out, "event", own_json(kind, event, after));
  return out + "}";
}

// The bulk command or the import that the event belongs to.
std::string correlation_of(const domain::Event& event) {
  const model::Field* field = message_of(event).field("bulk_id");
  const auto id = field == nullptr ? std::nullopt : model::get_uuid(event.data, field->number);
  return id ? id->text() : std::string();
}

std::string actor_kind(const domain::Actor& actor) {
  const auto& options = model::schema().message("daybook.v1.Actor")->field("kind")->options;
  const auto number = static_cast<std::size_t>(actor.kind);
  return number < options.size() ? options[number] : std::string();
}

std::string sequence_text(std::uint64_t position) {
  const std::string digits = std::to_string(position);
  return std::string(20 - digits.size(), '0') + digits;
}

void add_attribute(CloudEvent& event, std::string_view name, std::string value) {
  if (!value.empty()) event.attributes.emplace_back(name, std::move(value));
}

// With the context attributes that every event has (CloudEvents 1.0 §3.1).
CloudEvent envelope(model::WorkspaceId workspace, const domain::Event& event) {
  CloudEvent out;
  add_attribute(out, "specversion", "1.0");
  add_attribute(out, "type", "daybook." + event.name + ".v1");
  add_attribute(out, "source", "/workspaces/" + workspace.value.text());
  add_attribute(out, "subject", event.id.text());
  add_attribute(out, "datacontenttype", "application/json");
  add_attribute(out, "partitionkey", workspace.value.text());
  return out;
}

std::string structured(const CloudEvent& event) {
  std::string out = "{";
  for (const auto& [name, value] : event.attributes) add_member(out, name, json_string(value));
  add_member(out, "data", event.data);
  return out + "}";
}

}  // namespace

std::vector<FieldChange> field_changes(const domain::RowReader& rows, const model::Kind& kind, std::string_view before,
                                       std::string_view after) {
  std::vector<FieldChange> changes;
  std::string deleted_before = deleted_at_json(before);
  std::string deleted_after = deleted_at_json(after);
  if (deleted_before != deleted_after) {
    changes.push_back({kMetaField, "deleted_at", std::move(deleted_before), std::move(deleted_after)});
  }
  for (const std::uint32_t number : shown_differently(kind, before, after)) {
    const model::Field* field = kind.message->field(number);
    if (is_contact(kind) && number == v1::Contact::kTagIdsFieldNumber) {
      changes.push_back({number, "tags", tag_names_json(rows, before), tag_names_json(rows, after)});
    } else if (field != nullptr && !field->secret && !field->internal) {
      changes.push_back({number, field->name, value_json(kind, *field, before), value_json(kind, *field, after)});
    }
  }
  return changes;
}

std::string changes_json(const domain::RowReader& rows, const model::Kind& kind, std::string_view before,
                         std::string_view after) {
  std::string out = "{";
  for (const FieldChange& change : field_changes(rows, kind, before, after)) {
    add_member(out, change.name, "{\"before\":" + change.before + ",\"after\":" + change.after + "}");
  }
  return out + "}";
}

std::string actor_json(const domain::Actor& actor) {
  const std::string kind = actor_kind(actor);
  std::string out = "{";
  add_member(out, "kind", kind.empty() ? "null" : json_string(kind));
  add_member(out, "id", actor.id.is_nil() ? "null" : json_string(actor.id.text()));
  return out + "}";
}

CloudEvent cloud_event(const domain::RowReader& rows, model::WorkspaceId workspace,
                       const projections::AuditEntry& entry) {
  const domain::Event& event = entry.event;
  CloudEvent out = envelope(workspace, event);
  add_attribute(out, "id", eventstore::event_id(workspace, entry.command, entry.index).text());
  add_attribute(out, "time", model::format_time(entry.time_us));
  add_attribute(out, "sequence", sequence_text(entry.position));
  add_attribute(out, "actor", actor_kind(entry.actor) + (entry.actor.id.is_nil() ? "" : ":" + entry.actor.id.text()));
  add_attribute(out, "origin", entry.origin);
  add_attribute(out, "traceparent", entry.traceparent);
  add_attribute(out, "correlationid", correlation_of(event));
  const auto before = projections::record_before(rows, event.id, entry.position);
  const auto after = projections::record_as_of(rows, event.id, entry.position);
  out.data = data_json(rows, event, before.value_or(""), after.value_or(""));
  return out;
}

std::string event_json(const domain::RowReader& rows, model::WorkspaceId workspace,
                       const projections::AuditEntry& entry) {
  return structured(cloud_event(rows, workspace, entry));
}

std::string planned_event_json(const domain::RowReader& rows, model::WorkspaceId workspace, const domain::Event& event,
                               std::string_view before, std::string_view after) {
  CloudEvent planned = envelope(workspace, event);
  planned.data = data_json(rows, event, before, after);
  return structured(planned);
}

}  // namespace daybook::api
