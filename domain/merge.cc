#include "domain/merge.h"

#include <algorithm>

#include "daybook/v1/contact.pb.h"
#include "domain/contact_rules.h"
#include "domain/facts.h"
#include "domain/kind_rules.h"
#include "domain/links.h"
#include "domain/merge_fields.h"

namespace daybook::domain {
namespace {

constexpr std::uint32_t kRuleVersion = 1;
constexpr std::uint32_t kMergedInto = v1::Contact::kMergedIntoFieldNumber;

const model::Kind& contacts() { return kind_of<v1::Contact>(); }

std::unexpected<Rejection> bad_duplicate(std::string code, std::string detail,
                                         std::optional<model::Uuid> survivor = std::nullopt) {
  auto rejection = invalid("/duplicate_id", std::move(code), std::move(detail));
  rejection.error().existing_id = survivor;
  return rejection;
}

// The duplicate's record; empty where it is the primary's already.
Result<std::string> find_duplicate(const MergeContacts& command, const View& view) {
  if (command.duplicate == command.primary) {
    return bad_duplicate("invalid_value", "A contact cannot be merged with itself.");
  }
  auto record = find_live(contacts(), command.duplicate, view);
  if (record) return record;
  if (record.error().code == "merged") {
    const model::Uuid survivor = last_survivor(command.duplicate, view);
    if (survivor == command.primary) return std::string();
    return bad_duplicate("merged", "This contact was merged into another one.", survivor);
  }
  return bad_duplicate(record.error().code, record.error().detail);
}

std::optional<Rejection> check_version(const char* side, std::string_view record,
                                       std::optional<std::int64_t> expected) {
  const std::int64_t version = meta_of(record).version();
  if (!expected || *expected == version) return std::nullopt;
  const std::string detail = "The " + std::string(side) + " is at version " + std::to_string(version) +
                             " now, not at " + std::to_string(*expected) + "; read it again.";
  return Rejection{
      "version_mismatch", detail, {{"/expected_versions/" + std::string(side), "version_mismatch", detail}}};
}

// What the merge breaks that was not broken before: an old contact need not meet today's rules.
std::vector<FieldError> new_errors(std::string_view before, std::string_view after, const View& view) {
  const auto errors_of = [&](std::string_view record) {
    auto errors = check_record(contacts(), record, {}, view);
    const auto identity = check_identity(record, std::nullopt, view);
    errors.insert(errors.end(), identity.begin(), identity.end());
    return errors;
  };
  const auto old_errors = errors_of(before);
  auto errors = errors_of(after);
  std::erase_if(errors, [&](const FieldError& error) {
    return std::find(old_errors.begin(), old_errors.end(), error) != old_errors.end();
  });
  for (FieldError& error : errors) error.pointer = "/fields" + error.pointer;
  return errors;
}

struct Relinks {
  Names<v1::LinkRef> links;
  Names<v1::RecordRef> hidden;
};

bool survivor_has_its_like(const model::Referrer& referrer, const model::Uuid& survivor, std::string_view record,
                           const View& view) {
  return !referrer.field->unique.empty() && !is_deleted(record) &&
         view.find_unique(*referrer.kind, referrer.field->unique, survivor.view()).has_value();
}

// Everything that refers to the duplicate, in any kind. Only merged_into stays: it says what happened to that contact.
Relinks find_relinks(const MergeContacts& command, const View& view) {
  Relinks found;
  for (const model::Referrer& referrer : model::schema().referrers(contacts().number)) {
    if (referrer.kind->number == contacts().number && referrer.field->number == kMergedInto) continue;
    view.for_each_posting(*referrer.kind, *referrer.field, command.duplicate.view(), [&](const model::Uuid& id) {
      const auto record = view.record(*referrer.kind, id);
      if (!record) return true;
      if (survivor_has_its_like(referrer, command.primary, *record, view)) {
        found.hidden.add(name_record(*referrer.kind, id));
      } else {
        found.links.add(name_link(referrer, id));
      }
      return true;
    });
  }
  return found;
}

Events merge_events_of(v1::ContactMerged merged, Relinks relinks, const MergeContacts& command,
                       std::string_view primary, std::string_view duplicate) {
  const model::Uuid subject = subject_of(command.primary, primary);
  const std::size_t room = relinks.hidden.write(*merged.mutable_hidden(), kNamesPerEvent);
  relinks.links.write(*merged.mutable_relinked(), room);
  Events events{business_event(merged, command.primary, subject)};
  while (!relinks.hidden.done()) {
    v1::RecordHidden more;
    relinks.hidden.write(*more.mutable_hidden(), kNamesPerEvent);
    events.push_back({contacts().hidden_event,
                      contacts().number,
                      command.duplicate,
                      more.SerializeAsString(),
                      {},
                      subject_of(command.duplicate, duplicate)});
  }
  while (!relinks.links.done()) {
    v1::RecordRelinked more;
    more.set_previous_id(merged.duplicate_id());
    relinks.links.write(*more.mutable_relinked(), kNamesPerEvent);
    events.push_back(
        {contacts().relinked_event, contacts().number, command.primary, more.SerializeAsString(), {}, subject});
  }
  return events;
}

}  // namespace

// Found by event_types through its arguments, hence not in the unnamed namespace.
static void apply(const v1::ContactMerged& merged, const Event& event, Store& store) {
  const model::Uuid duplicate_id = named_id(merged.duplicate_id());
  const std::string primary = store.view().record(contacts(), event.id).value_or(std::string());
  const std::string duplicate = store.view().record(contacts(), duplicate_id).value_or(std::string());
  v1::Contact mark;
  mark.set_merged_into(std::string(event.id.view()));
  store.patch(contacts(), duplicate_id, mark.SerializeAsString(), {});
  hide(contacts(), duplicate_id, std::nullopt, store);
  store.put(contacts(), event.id, merged_record(merged, primary, duplicate));
  for (const v1::RecordRef& name : merged.hidden()) {
    hide(kind_numbered(name.kind()), named_id(name.id()), duplicate_id, store);
  }
  relink(merged.relinked(), event.id, duplicate_id.view(), store);
  remember(duplicate_id, event.data, store);
}

Result<Events> merge_contacts(const MergeContacts& command, const View& view, const Context&) {
  const auto primary = find_live(contacts(), command.primary, view);
  if (!primary) return std::unexpected(primary.error());
  const auto duplicate = find_duplicate(command, view);
  if (!duplicate) return std::unexpected(duplicate.error());
  if (duplicate->empty()) return Events{};
  if (auto bad = check_version("primary", *primary, command.primary_version)) return std::unexpected(std::move(*bad));
  if (auto bad = check_version("duplicate", *duplicate, command.duplicate_version)) {
    return std::unexpected(std::move(*bad));
  }
  if (auto errors = check_choices(command.fields); !errors.empty()) return invalid(std::move(errors));

  v1::ContactMerged merged = decide_fields(command.fields, *primary, *duplicate);
  merged.set_duplicate_id(std::string(command.duplicate.view()));
  merged.set_rule_version(kRuleVersion);
  const std::string after = rules_of(contacts()).normalise(merged_record(merged, *primary, *duplicate), view);
  if (auto errors = new_errors(*primary, after, view); !errors.empty()) return invalid(std::move(errors));
  const auto sort_name = model::get_bytes(after, v1::Contact::kSortNameFieldNumber);
  if (sort_name && sort_name != model::get_bytes(*primary, v1::Contact::kSortNameFieldNumber)) {
    merged.set_sort_name(std::string(*sort_name));
  }
  return merge_events_of(std::move(merged), find_relinks(command, view), command, *primary, *duplicate);
}

model::Uuid last_survivor(const model::Uuid& id, const View& view) {
  model::Uuid at = id;
  while (const auto record = view.record(contacts(), at)) {
    const auto next = model::get_uuid(*record, kMergedInto);
    if (!next) break;
    at = *next;
  }
  return at;
}

std::vector<EventType> merge_events() { return event_types<v1::ContactMerged>(); }

}  // namespace daybook::domain
