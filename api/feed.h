#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/rows.h"
#include "model/uuid.h"

namespace daybook::api {

/// The feed: every event of a workspace as a CloudEvent, in order of position.

/// Which events are wanted: names such as deal.won, and contact.* for all of a kind. Empty: every one.
using EventTypes = std::vector<std::string>;
/// From `contact.*,deal.won`; an error names the type that no event has.
std::expected<EventTypes, std::string> parse_event_types(std::string_view text);
/// Whether an event may have the name.
bool is_event_name(std::string_view name);
bool is_wanted(const EventTypes& types, std::string_view event_name);

struct FeedRequest {
  std::uint64_t after = 0;
  EventTypes types;
  std::size_t limit = 50;
  std::size_t looked_at = 5'000;             // at most so many events a page
  std::size_t bytes = std::size_t{4} << 20;  // a page ends with the event that exceeds them
};
struct FeedPage {
  struct Item {
    std::uint64_t position;
    std::string event;  // JSON
  };
  std::vector<Item> items;
  std::uint64_t next_position = 0;  // the last one looked at, matched or not
  bool at_end = false;              // there is no event after it yet
};
FeedPage read_feed(const domain::RowReader& rows, model::WorkspaceId workspace, const FeedRequest& request);

}  // namespace daybook::api
