#include "cli/example_facts.h"

#include <algorithm>
#include <stdexcept>

#include "cli/example_message.h"
#include "cli/public_events.h"
#include "domain/deletion.h"
#include "domain/facts.h"
#include "domain/links.h"
#include "eventstore/codec_events.h"

namespace daybook::cli {
namespace {

using domain::Context;
using domain::Event;
using domain::Events;
using domain::View;
using model::Field;
using model::Kind;
using model::SetBy;

class Facts {
 public:
  explicit Facts(ExampleWorkspace& workspace) : workspace_(workspace) {}

  void add(const PublicEvent& event);

 private:
  struct Named {
    model::Referrer referrer;
    model::Uuid id;
  };

  std::vector<model::Uuid> live(const Kind& kind) const;
  std::optional<model::Uuid> newest(std::uint32_t kind) const;
  std::string example(const model::Message& message, const std::function<bool(const Field&)>& has, const char* word);
  void create(const Kind& kind);
  void update(const Kind& kind);
  void remove_and_restore(const Kind& kind);
  const std::optional<Named>& named_by(const Kind& kind);
  void go_on(const Kind& kind, const std::string& name);
  void say(const std::string& from, const Kind& kind, const std::string& name, std::string data);
  std::string origin(const char* method, const Kind& kind, const char* rest = "") const {
    return std::string(method) + " /v1/" + kind.plural + rest;
  }

  ExampleWorkspace& workspace_;
  std::map<std::uint32_t, std::optional<Named>> named_;  // by number of the kind
};

void Facts::add(const PublicEvent& event) {
  const Kind& kind = *event.kind;
  if (!newest(kind.number)) create(kind);
  if (event.name == kind.updated_event) update(kind);
  if (event.name == kind.deleted_event) remove_and_restore(kind);
  if (workspace_.has_seen(event.name)) return;
  if (event.name == kind.hidden_event || event.name == kind.unlinked_event || event.name == kind.shown_event ||
      event.name == kind.relinked_event) {
    return go_on(kind, event.name);
  }
  static const eventstore::EventMessages kMessages;
  say(origin("POST", kind), kind, event.name,
      example(kMessages.of(event.name), [](const Field&) { return true; }, "Example"));
}

std::vector<model::Uuid> Facts::live(const Kind& kind) const {
  std::vector<model::Uuid> ids;
  workspace_.view().for_each(kind, [&](const model::Uuid& id, std::string_view record) {
    if (!domain::is_deleted(record)) ids.push_back(id);
    return true;
  });
  return ids;
}

std::optional<model::Uuid> Facts::newest(std::uint32_t kind) const {
  const Kind* of = model::schema().kind(kind);
  const auto ids = of == nullptr ? std::vector<model::Uuid>{} : live(*of);
  return ids.empty() ? std::nullopt : std::optional(ids.back());
}

std::string Facts::example(const model::Message& message, const std::function<bool(const Field&)>& has,
                           const char* word) {
  return example_message(message, {has, [this](std::uint32_t kind) { return newest(kind); }, word});
}

void Facts::create(const Kind& kind) {
  const auto is_given = [](const Field& field) {
    return field.set_by == SetBy::kAnyone || field.set_by == SetBy::kCreate;
  };
  const std::string record = example(*kind.message, is_given, "Example");
  workspace_.happen(origin("POST", kind), [&](const View& view, const Context& context) -> domain::Result<Events> {
    auto event = domain::create(kind, record, view, context);
    if (!event) return std::unexpected(event.error());
    return Events{std::move(*event)};
  });
}

// One text of its newest record is another one. Where only commands of their own may set it, the fact alone.
void Facts::update(const Kind& kind) {
  const auto is_text = [](const Field& field) { return field.type == model::FieldType::kText && !field.repeated; };
  const auto is_free = [&](const Field& field) { return is_text(field) && field.set_by == SetBy::kAnyone; };
  const auto& fields = kind.message->fields;
  auto chosen = std::ranges::find_if(fields, is_free);
  if (chosen == fields.end()) chosen = std::ranges::find_if(fields, is_text);
  const auto is_chosen = [&](const Field& field) { return chosen != fields.end() && field.number == chosen->number; };
  const model::Patch patch{example(*kind.message, is_chosen, "Another"), {}};
  const bool is_updated = workspace_.may_happen(origin("PATCH", kind, "/{id}"), [&](const View& view, const Context&) {
    return domain::update(kind, *newest(kind.number), patch, view);
  });
  if (!is_updated) say(origin("PATCH", kind, "/{id}"), kind, kind.updated_event, patch.set);
}

// The first record that nothing keeps from it, or else a new one.
void Facts::remove_and_restore(const Kind& kind) {
  const auto is_removed = [&](const model::Uuid& id) {
    return workspace_.may_happen(origin("DELETE", kind, "/{id}"), [&](const View& view, const Context& context) {
      return domain::remove(kind, id, view, context);
    });
  };
  const auto ids = live(kind);
  auto removed = std::ranges::find_if(ids, is_removed);
  model::Uuid id;
  if (removed != ids.end()) {
    id = *removed;
  } else {
    create(kind);
    id = *newest(kind.number);
    is_removed(id);
  }
  workspace_.happen(origin("POST", kind, "/{id}/restore"),
                    [&](const View& view, const Context& context) { return domain::restore(kind, id, view, context); });
}

// A record that refers to the kind, where there is one; the same for all events of the kind.
const std::optional<Facts::Named>& Facts::named_by(const Kind& kind) {
  const auto [known, is_new] = named_.try_emplace(kind.number);
  if (!is_new) return known->second;
  for (const model::Referrer& referrer : model::schema().referrers(kind.number)) {
    const auto id = newest(referrer.kind->number);
    if (id && referrer.kind != &kind) return known->second = Named{referrer, *id};
  }
  return known->second;
}

// What an event before it had no room for.
void Facts::go_on(const Kind& kind, const std::string& name) {
  v1::RecordHidden hidden;
  v1::RecordUnlinked unlinked;
  v1::RecordShown shown;
  v1::RecordRelinked relinked;
  if (const auto& named = named_by(kind)) {
    *hidden.add_hidden() = *shown.add_shown() = domain::name_record(*named->referrer.kind, named->id);
    *unlinked.add_unlinked() = *relinked.add_relinked() = domain::name_link(named->referrer, named->id);
  }
  const std::string deleting = origin("DELETE", kind, "/{id}");
  const std::string restoring = origin("POST", kind, "/{id}/restore");
  if (name == kind.hidden_event) say(deleting, kind, name, hidden.SerializeAsString());
  if (name == kind.unlinked_event) say(deleting, kind, name, unlinked.SerializeAsString());
  if (name == kind.shown_event) say(restoring, kind, name, shown.SerializeAsString());
  if (name == kind.relinked_event) say(restoring, kind, name, relinked.SerializeAsString());
}

void Facts::say(const std::string& from, const Kind& kind, const std::string& name, std::string data) {
  const model::Uuid id = *newest(kind.number);
  workspace_.happen(
      from, [&](const View&, const Context&) { return Events{Event{name, kind.number, id, std::move(data), {}, id}}; });
}

}  // namespace

void add_missing_events(ExampleWorkspace& workspace) {
  Facts facts(workspace);
  for (const PublicEvent& event : public_events()) {
    if (!workspace.has_seen(event.name)) facts.add(event);
  }
  for (const PublicEvent& event : public_events()) {
    if (!workspace.has_seen(event.name)) throw std::logic_error("the example lacks " + event.name);
  }
}

}  // namespace daybook::cli
