#include "domain/tag.h"

#include "domain/facts.h"
#include "model/text.h"

namespace daybook::domain {
namespace {

void normalise(v1::Tag& tag, const View&) {
  if (tag.has_name()) tag.set_name_key(model::fold(tag.name()));
}

}  // namespace

std::optional<model::Uuid> find_tag(std::string_view name, const View& view) {
  return view.find_unique(kind_of<v1::Tag>(), "name", model::fold(name));
}

Result<model::Uuid> find_or_create_tag(std::string_view name, Draft& draft, const Context& context) {
  if (model::fold(name).empty()) return invalid("/tags", "invalid_value", "A tag needs a name.");
  if (const auto found = find_tag(name, draft.view())) return *found;
  v1::Tag tag;
  tag.set_name(std::string(name));
  auto event = create(kind_of<v1::Tag>(), tag.SerializeAsString(), draft.view(), context);
  if (!event) return std::unexpected(event.error());
  const model::Uuid id = event->id;
  draft.add(std::move(*event));
  return id;
}

KindRules tag_rules() { return {.normalise = typed(normalise)}; }

}  // namespace daybook::domain
