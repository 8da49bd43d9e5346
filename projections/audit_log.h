#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/event.h"
#include "domain/rows.h"
#include "model/uuid.h"

namespace daybook::projections {

/// One event of a workspace with who caused it, when and how.
struct AuditEntry {
  std::uint64_t position = 0;
  domain::Event event;
  std::int64_t time_us = 0;
  domain::Actor actor;
  std::string origin;  // route or consumer
  std::string request_id;
  std::string traceparent;
  model::Uuid command;
  std::uint64_t index = 0;  // of the event in its command
};

/// The event at the position; nothing beyond either end.
std::optional<AuditEntry> audit_entry(const domain::RowReader& rows, std::uint64_t position);
/// Its name alone, which costs less.
std::optional<std::string> event_name_at(const domain::RowReader& rows, std::uint64_t position);

/// The last position at or before the time; 0 before the first event.
std::uint64_t position_at(const domain::RowReader& rows, std::int64_t time_us);

/// The audit log, newest first. Every filter that is set must hold.
struct AuditRequest {
  std::optional<model::Uuid> record;  // events about it, and those about others that changed it
  std::optional<std::string> action;
  std::optional<model::Uuid> actor;
  std::uint64_t least = 1;  // first position of interest
  std::uint64_t most = 0;   // last one
  std::size_t limit = 50;
  std::size_t looked_at = 5'000;  // at most so many events a page
};
struct AuditPage {
  std::vector<AuditEntry> entries;
  std::optional<std::uint64_t> next;  // `most` of the next page; nothing: this was the last one
};
AuditPage audit_page(const domain::RowReader& rows, const AuditRequest& request);

}  // namespace daybook::projections
