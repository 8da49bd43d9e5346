#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/rows.h"
#include "model/schema.h"
#include "projections/audit_log.h"

namespace daybook::api {

/// Events and changes as the feed, the audit log and histories show them. Secret and internal fields never appear.

/// A field of a record that an event changed. Values are JSON.
struct FieldChange {
  std::uint32_t number = 0;
  std::string_view name;
  std::string before;
  std::string after;
};
/// In order of field number; a contact's tags by name, and deleted_at, which is number 1. An empty record has no value
/// in any field.
std::vector<FieldChange> field_changes(const domain::RowReader& rows, const model::Kind& kind, std::string_view before,
                                       std::string_view after);
/// `{"phone":{"before":null,"after":"+49"}}`
std::string changes_json(const domain::RowReader& rows, const model::Kind& kind, std::string_view before,
                         std::string_view after);

/// `{"kind":"api_key","id":"…"}`
std::string actor_json(const domain::Actor& actor);

/// An event as a CloudEvent 1.0: its data hold the record after it, the fields it changed with both values, and what
/// the event itself says. How it is written (as one JSON object, as headers and a body) is the binding's.
struct CloudEvent {
  std::vector<std::pair<std::string_view, std::string>> attributes;  // those that it has, none empty
  std::string data;                                                  // JSON
};
CloudEvent cloud_event(const domain::RowReader& rows, model::WorkspaceId workspace,
                       const projections::AuditEntry& entry);

/// The same as one JSON object (CloudEvents JSON format).
std::string event_json(const domain::RowReader& rows, model::WorkspaceId workspace,
                       const projections::AuditEntry& entry);

/// And of an event that a dry run would cause, which has neither place nor time: `before` and `after` are the
/// record as the whole command finds and leaves it.
std::string planned_event_json(const domain::RowReader& rows, model::WorkspaceId workspace, const domain::Event& event,
                               std::string_view before, std::string_view after);

}  // namespace daybook::api
