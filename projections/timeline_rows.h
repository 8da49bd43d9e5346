#pragma once

#include "domain/event.h"
#include "projections/derived_rows.h"

namespace daybook::projections {

/// A contact's timeline: what was written about it and what happened to it, newest first.

/// Row of a note or an activity on its contact.
void add_timeline_rows(const model::Kind& kind, const model::Uuid& id, std::string_view record, DerivedRows& out);

/// Row of an event that stands in a contact's timeline (deal_won, merge); empty key where it does not.
struct TimelineRow {
  std::string key;
  std::string value;
};
/// `deal_contact` is the contact of the deal the event is about, if any.
TimelineRow timeline_row(const domain::Event& event, std::uint64_t position, std::int64_t time_us,
                         const std::optional<model::Uuid>& deal_contact);

/// Prefix of a contact's timeline. A value is the kind of entry, a NUL, and the record's kind and id or the position.
std::string timeline_prefix(const model::Uuid& contact);

}  // namespace daybook::projections
