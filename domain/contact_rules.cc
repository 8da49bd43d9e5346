#include "domain/contact_rules.h"

#include <algorithm>

#include "daybook/v1/contact.pb.h"
#include "domain/contact.h"
#include "domain/links.h"
#include "domain/merge.h"
#include "domain/workspace.h"
#include "model/text.h"
#include "model/time.h"

namespace daybook::domain {
namespace {

// The workspace's own spelling of a status, matched without regard to case.
std::optional<std::string> known_status(const std::string& status, const v1::Settings& settings) {
  const std::string folded = model::fold(status);
  for (const std::string& known : settings.contact_statuses()) {
    if (model::fold(known) == folded) return known;
  }
  return std::nullopt;
}

void fill(v1::Contact& contact, const View& view, const Context&) {
  if (!contact.has_type()) contact.set_type(v1::Contact::TYPE_CUSTOMER);
  if (!contact.has_source()) contact.set_source(v1::Contact::SOURCE_MANUAL);
  if (!contact.has_is_subscribed()) contact.set_is_subscribed(false);
  if (!contact.has_status()) {
    const auto settings = settings_of(view);
    if (!settings.contact_statuses().empty()) contact.set_status(settings.contact_statuses(0));
  }
}

std::string display_name(const v1::Contact& contact) {
  std::string name = contact.first_name();
  if (contact.has_last_name()) name += (name.empty() ? "" : " ") + contact.last_name();
  return name.empty() ? contact.email() : name;
}

void normalise(v1::Contact& contact, const View& view) {
  const auto key = contact.has_email() ? model::email_key(contact.email()) : std::nullopt;
  if (key) {
    contact.set_email_key(*key);
  } else {
    contact.clear_email_key();
  }
  contact.set_sort_name(model::fold(display_name(contact)));
  if (contact.has_status()) {
    if (const auto status = known_status(contact.status(), settings_of(view))) contact.set_status(*status);
  }
}

bool is_birthday(int month, int day) {
  constexpr int kLeapYear = 2000;  // a birthday has no year, so 29 February is one
  return month < 1 || static_cast<unsigned>(day) <= model::days_in_month(kLeapYear, static_cast<unsigned>(month));
}

void check(const v1::Contact& contact, const View& view, std::vector<FieldError>& errors) {
  if (contact.has_birth_month() != contact.has_birth_day()) {
    const char* missing = contact.has_birth_month() ? "/birth_day" : "/birth_month";
    errors.push_back({missing, "required", "A birthday has a month and a day; give both or neither."});
  }
  if (!is_birthday(contact.birth_month(), contact.birth_day())) {
    errors.push_back({"/birth_day", "invalid_value", "The month of birth_month has no such day."});
  }
  const auto settings = settings_of(view);
  if (contact.has_status() && !known_status(contact.status(), settings)) {
    std::string known;
    for (const std::string& status : settings.contact_statuses()) known += (known.empty() ? "" : ", ") + status;
    errors.push_back({"/status", "invalid_value", "The workspace has no such status; it has " + known + "."});
  }
}

}  // namespace

// Found by event_types through their arguments, hence not in the unnamed namespace.
static void apply(const v1::ContactEmailChanged& changed, const Event& event, Store& store) {
  v1::Contact contact;
  if (changed.has_email()) contact.set_email(changed.email());
  if (changed.has_email_key()) contact.set_email_key(changed.email_key());
  store.patch(kind_of<v1::Contact>(), event.id, contact.SerializeAsString(),
              {v1::Contact::kEmailFieldNumber, v1::Contact::kEmailKeyFieldNumber});
}

static void apply(const v1::ContactSecondaryEmailAdded& added, const Event& event, Store& store) {
  auto contact = *store.view().find<v1::Contact>(event.id);
  contact.add_secondary_emails(added.email());
  contact.add_secondary_email_keys(added.email_key());
  store.put(event.id, contact);
}

static void apply(const v1::ContactSecondaryEmailRemoved& removed, const Event& event, Store& store) {
  auto contact = *store.view().find<v1::Contact>(event.id);
  auto& keys = *contact.mutable_secondary_email_keys();
  const auto found = std::find(keys.begin(), keys.end(), removed.email_key());
  if (found == keys.end()) return;
  const auto index = found - keys.begin();
  keys.erase(found);
  contact.mutable_secondary_emails()->erase(contact.secondary_emails().begin() + index);
  store.put(event.id, contact);
}

static void apply(const v1::ContactAssigned& assigned, const Event& event, Store& store) {
  v1::Contact contact;
  if (assigned.has_owner_id()) contact.set_owner_id(assigned.owner_id());
  store.patch(kind_of<v1::Contact>(), event.id, contact.SerializeAsString(), {v1::Contact::kOwnerIdFieldNumber});
}

static void apply(const v1::ContactTagged& tagged, const Event& event, Store& store) {
  const model::Kind& kind = kind_of<v1::Contact>();
  const model::Field& tags = *kind.message->field(std::uint32_t{v1::Contact::kTagIdsFieldNumber});
  std::string record = *store.view().record(kind, event.id);
  for (const std::string& tag : tagged.tag_ids()) record = with_link(record, tags, tag);
  store.put(kind, event.id, record);
}

static void apply(const v1::ContactUntagged& untagged, const Event& event, Store& store) {
  auto contact = *store.view().find<v1::Contact>(event.id);
  auto& tags = *contact.mutable_tag_ids();
  for (const std::string& tag : untagged.tag_ids()) tags.erase(std::remove(tags.begin(), tags.end(), tag), tags.end());
  store.put(event.id, contact);
}

std::vector<FieldError> check_identity(std::string_view record,
                                       const std::optional<v1::Settings::ContactIdentity>& identity, const View& view) {
  const auto contact = parse<v1::Contact>(record);
  const bool names = contact.has_first_name() && contact.has_last_name();
  const bool any_name = contact.has_first_name() || contact.has_last_name();
  std::vector<FieldError> errors;
  const auto need = [&](bool present, const char* pointer, const char* detail) {
    if (!present) errors.push_back({pointer, "required", detail});
  };
  switch (identity.value_or(settings_of(view).contact_identity())) {
    case v1::Settings::CONTACT_IDENTITY_EMAIL:
      need(contact.has_email(), "/email", "This workspace knows contacts by e-mail; give email.");
      break;
    case v1::Settings::CONTACT_IDENTITY_NAMES:
      need(contact.has_first_name(), "/first_name", "This workspace knows contacts by name; give first_name.");
      need(contact.has_last_name(), "/last_name", "This workspace knows contacts by name; give last_name.");
      break;
    case v1::Settings::CONTACT_IDENTITY_NAME_AND_EMAIL:
      need(any_name, "/first_name", "This workspace knows contacts by name and e-mail; give a name.");
      need(contact.has_email(), "/email", "This workspace knows contacts by name and e-mail; give email.");
      break;
    default:
      need(contact.has_email() || names, "/email", "Give an e-mail, or first_name and last_name.");
      break;
  }
  return errors;
}

KindRules contact_rules() {
  auto events = event_types<v1::ContactEmailChanged, v1::ContactSecondaryEmailAdded, v1::ContactSecondaryEmailRemoved,
                            v1::ContactAssigned, v1::ContactTagged, v1::ContactUntagged>();
  for (EventType& event : merge_events()) events.push_back(std::move(event));
  return {.fill = typed(fill), .normalise = typed(normalise), .check = typed_check(check), .events = std::move(events)};
}

}  // namespace daybook::domain
