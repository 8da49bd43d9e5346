#include "api/feed.h"

#include <algorithm>

#include "api/event_json.h"
#include "api/list_values.h"
#include "projections/projector.h"

namespace daybook::api {
namespace {

std::vector<std::string> all_event_names() {
  std::vector<std::string> names;
  for (const model::Kind& kind : model::schema().kinds()) {
    for (const std::string* name : {&kind.created_event, &kind.updated_event, &kind.deleted_event, &kind.restored_event,
                                    &kind.hidden_event, &kind.unlinked_event, &kind.shown_event, &kind.relinked_event})
      names.push_back(*name);
  }
  for (const model::EventMessage& event : model::schema().event_messages()) names.push_back(event.name);
  return names;
}

bool names_event(std::string_view type, std::string_view event_name) {
  if (type == "*") return true;
  if (type.ends_with(".*")) return event_name.starts_with(type.substr(0, type.size() - 1));
  return type == event_name;
}

const std::vector<std::string>& event_names() {
  static const std::vector<std::string> kNames = all_event_names();
  return kNames;
}

}  // namespace

bool is_event_name(std::string_view name) { return std::ranges::find(event_names(), name) != event_names().end(); }

std::expected<EventTypes, std::string> parse_event_types(std::string_view text) {
  EventTypes types;
  for (const std::string_view type : split_at_commas(text)) {
    const bool known =
        std::ranges::any_of(event_names(), [&](const std::string& name) { return names_event(type, name); });
    if (!known) return std::unexpected("There is no event of the type " + std::string(type) + ".");
    types.emplace_back(type);
  }
  return types;
}

bool is_wanted(const EventTypes& types, std::string_view event_name) {
  return types.empty() || std::any_of(types.begin(), types.end(),
                                      [&](const std::string& type) { return names_event(type, event_name); });
}

FeedPage read_feed(const domain::RowReader& rows, model::WorkspaceId workspace, const FeedRequest& request) {
  const std::uint64_t last = projections::read_head(rows).last_position();
  FeedPage page;
  page.next_position = request.after;
  std::size_t bytes = 0;
  for (std::size_t looked_at = 0; page.next_position < last && looked_at < request.looked_at; ++looked_at) {
    if (page.items.size() == request.limit || bytes > request.bytes) break;
    const std::uint64_t position = ++page.next_position;
    const auto name = projections::event_name_at(rows, position);
    if (!name || !is_wanted(request.types, *name)) continue;
    page.items.push_back({position, event_json(rows, workspace, *projections::audit_entry(rows, position))});
    bytes += page.items.back().event.size();
  }
  page.at_end = page.next_position >= last;
  return page;
}

}  // namespace daybook::api
