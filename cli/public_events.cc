#include "cli/public_events.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace daybook::cli {
namespace {

// Their records stand in the system workspace, whose events are not public.
constexpr std::array<std::string_view, 2> kPrivateKinds{"tenant", "publication"};

}  // namespace

std::vector<PublicEvent> public_events() {
  std::vector<PublicEvent> events;
  for (const model::Kind& kind : model::schema().kinds()) {
    if (std::ranges::find(kPrivateKinds, kind.name) != kPrivateKinds.end()) continue;
    for (const auto& name : {kind.created_event, kind.updated_event, kind.deleted_event, kind.restored_event,
                             kind.hidden_event, kind.unlinked_event, kind.shown_event, kind.relinked_event}) {
      events.push_back({&kind, name});
    }
    for (const model::EventMessage& event : model::schema().event_messages()) {
      if (event.name.starts_with(kind.name + ".")) events.push_back({&kind, event.name});
    }
  }
  return events;
}

}  // namespace daybook::cli
