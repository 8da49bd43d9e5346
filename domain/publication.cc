#include "domain/publication.h"

namespace daybook::domain {

std::optional<v1::Publication> find_publication(const std::string& topic, const View& view) {
  const auto id = view.find_unique(kind_of<v1::Publication>(), "topic", topic);
  return id ? view.find<v1::Publication>(*id) : std::nullopt;
}

Result<Events> report_published(const v1::Publication& reported, const View& view, const Context& context) {
  const model::Kind& kind = kind_of<v1::Publication>();
  const auto id = view.find_unique(kind, "topic", reported.topic());
  if (!id) {
    const model::Uuid fresh = context.ids.next();
    return Events{Event{kind.created_event, kind.number, fresh, reported.SerializeAsString(), {}, fresh}};
  }
  const auto known = view.find<v1::Publication>(*id);
  const bool is_moved = reported.log() != known->log();
  if (!is_moved && reported.log_offset() <= known->log_offset()) return Events{};
  v1::Publication change;
  if (is_moved) change.set_log(reported.log());
  change.set_log_offset(reported.log_offset());
  change.set_marked_at(reported.marked_at());
  return Events{Event{kind.updated_event, kind.number, *id, change.SerializeAsString(), {}, *id}};
}

}  // namespace daybook::domain
