#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/rows.h"
#include "model/uuid.h"

namespace daybook::projections {

/// One thing in a contact's timeline (timeline_rows.h).
struct TimelineEntry {
  std::string kind;  // note, activity, deal_won, merge
  std::int64_t time_us = 0;
  model::Uuid id;              // of a note or an activity
  std::uint64_t position = 0;  // of the event otherwise
};

struct TimelinePage {
  std::vector<TimelineEntry> entries;
  std::optional<std::string> next;  // `from` of the next page; nothing: this was the last one
};

/// The timeline of a contact and of those that were merged into it (at most 100), newest first.
TimelinePage timeline(const domain::RowReader& rows, const model::Uuid& contact, const std::string& from,
                      std::size_t limit);

}  // namespace daybook::projections
