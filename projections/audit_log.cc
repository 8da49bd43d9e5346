#include "projections/audit_log.h"

#include "daybook/state/rows.pb.h"
#include "domain/store.h"
#include "model/record.h"
#include "model/row_key.h"
#include "projections/projector.h"

namespace daybook::projections {
namespace {

model::Uuid id_of(std::string_view bytes) { return model::Uuid::from_bytes(bytes).value_or(model::Uuid{}); }

AuditEntry entry_of(std::uint64_t position, state::AuditEntry stored) {
  AuditEntry entry;
  entry.position = position;
  entry.event = {std::move(*stored.mutable_name()),
                 stored.kind(),
                 id_of(stored.id()),
                 std::move(*stored.mutable_data()),
                 {stored.cleared().begin(), stored.cleared().end()},
                 {}};
  entry.time_us = stored.time_us();
  entry.actor = {static_cast<domain::Actor::Kind>(stored.actor().kind()), id_of(stored.actor().id())};
  entry.origin = std::move(*stored.mutable_origin());
  entry.request_id = std::move(*stored.mutable_request_id());
  entry.traceparent = std::move(*stored.mutable_traceparent());
  entry.command = id_of(stored.command());
  entry.index = stored.index();
  return entry;
}

// Where the candidates stand: the narrowest of the rows that end with a position. Filters are tested on each entry.
std::string candidates(const AuditRequest& request) {
  if (request.record) return model::history_prefix(*request.record);
  if (request.action) return model::audit_index_prefix(*request.action);
  if (request.actor) return model::audit_index_prefix(request.actor->view());
  return std::string(1, static_cast<char>(model::RowType::kAudit));
}

bool matches(const AuditEntry& entry, const AuditRequest& request) {
  return (!request.action || entry.event.name == *request.action) &&
         (!request.actor || entry.actor.id == *request.actor);
}

std::string ordered(std::uint64_t position) { return model::ordered_integer(static_cast<std::int64_t>(position)); }

}  // namespace

std::optional<AuditEntry> audit_entry(const domain::RowReader& rows, std::uint64_t position) {
  const auto row = rows.get(model::audit_key(position));
  if (!row) return std::nullopt;
  return entry_of(position, domain::parse<state::AuditEntry>(*row));
}

std::optional<std::string> event_name_at(const domain::RowReader& rows, std::uint64_t position) {
  const auto row = rows.get(model::audit_key(position));
  if (!row) return std::nullopt;
  return std::string(model::get_bytes(*row, state::AuditEntry::kNameFieldNumber).value_or(std::string_view{}));
}

std::uint64_t position_at(const domain::RowReader& rows, std::int64_t time_us) {
  std::uint64_t before = 0;  // holds: the event there is not after the time, and the one at `after` is
  std::uint64_t after = read_head(rows).last_position() + 1;
  while (after - before > 1) {
    const std::uint64_t middle = before + (after - before) / 2;
    const auto row = rows.get(model::audit_key(middle));
    const auto at = row ? model::get_integer(*row, state::AuditEntry::kTimeUsFieldNumber) : std::nullopt;
    (at.value_or(0) <= time_us ? before : after) = middle;
  }
  return before;
}

AuditPage audit_page(const domain::RowReader& rows, const AuditRequest& request) {
  AuditPage page;
  const std::string prefix = candidates(request);
  const auto row = rows.cursor(prefix);
  std::size_t looked_at = 0;
  for (row->seek_back(prefix + ordered(request.most)); row->valid(); row->prev()) {
    const auto position = static_cast<std::uint64_t>(model::integer_in_order(row->key().substr(prefix.size())));
    if (position < request.least) break;
    if (page.entries.size() == request.limit || looked_at++ == request.looked_at) {
      page.next = position;
      break;
    }
    auto entry = audit_entry(rows, position);
    if (entry && matches(*entry, request)) page.entries.push_back(std::move(*entry));
  }
  return page;
}

}  // namespace daybook::projections
