#include "domain/contact.h"

#include <algorithm>

#include "domain/company.h"
#include "domain/contact_rules.h"
#include "domain/facts.h"
#include "domain/patch_fields.h"
#include "domain/plan.h"
#include "domain/tag.h"
#include "domain/workspace.h"
#include "model/text.h"

namespace daybook::domain {
namespace {

const model::Kind& contacts() { return kind_of<v1::Contact>(); }

bool sets(const model::Patch& patch, std::uint32_t field) { return !model::field_bytes(patch.set, field).empty(); }

bool clears(const model::Patch& patch, std::uint32_t field) {
  return std::find(patch.cleared.begin(), patch.cleared.end(), field) != patch.cleared.end();
}

// Rule 7: a name without an id links the company of that name, created where there is none.
Result<std::optional<model::Uuid>> company_named(const std::string& name, Draft& draft, const Context& context) {
  if (model::fold(name).empty()) return std::nullopt;
  if (const auto found = find_company(name, draft.view())) return found;
  if (!settings_of(draft.view()).company_autocreate()) return std::nullopt;
  v1::Company company;
  company.set_name(name);
  auto event = create(kind_of<v1::Company>(), company.SerializeAsString(), draft.view(), context);
  if (!event) return std::unexpected(event.error());
  const model::Uuid id = event->id;
  draft.add(std::move(*event));
  return id;
}

std::optional<v1::Company> company_of(std::string_view contact, const View& view) {
  const auto id = model::get_uuid(contact, v1::Contact::kCompanyIdFieldNumber);
  return id ? view.find<v1::Company>(*id) : std::nullopt;
}

// Completes a patch with what the company fields in it mean for each other. A linked contact shows its company's name,
// so that name says nothing new, and stays as text when the link goes. `before` is empty for a new contact.
Result<model::Patch> with_company(model::Patch patch, std::string_view before, Draft& draft, const Context& context) {
  constexpr auto kId = std::uint32_t{v1::Contact::kCompanyIdFieldNumber};
  constexpr auto kName = std::uint32_t{v1::Contact::kCompanyNameFieldNumber};
  const auto linked = company_of(before, draft.view());
  v1::Contact set;
  if (sets(patch, kId)) {
    const auto company = company_of(patch.set, draft.view());
    if (company && company->has_name()) set.set_company_name(company->name());
  } else if (sets(patch, kName) && !clears(patch, kId)) {
    const std::string name(*model::get_bytes(patch.set, kName));
    if (linked && model::fold(name) == linked->name_key()) {
      patch.set = model::overlay(patch.set, {}, {kName});
      return patch;
    }
    const auto company = company_named(name, draft, context);
    if (!company) return std::unexpected(company.error());
    if (*company) {
      set.set_company_id(std::string((*company)->view()));
      set.set_company_name(draft.view().find<v1::Company>(**company)->name());
    } else {
      patch.cleared.push_back(kId);
    }
  } else if (clears(patch, kName)) {
    patch.cleared.push_back(kId);
  } else if (clears(patch, kId) && linked && linked->has_name() && !sets(patch, kName)) {
    set.set_company_name(linked->name());
  }
  patch.set = model::overlay(patch.set, set.SerializeAsString(), {});
  return patch;
}

Result<std::vector<model::Uuid>> tag_ids(const std::vector<std::string>& names, Draft& draft, const Context& context) {
  std::vector<model::Uuid> ids;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto id = find_or_create_tag(names[i], draft, context);
    if (!id) {
      Rejection rejection = id.error();
      for (FieldError& error : rejection.errors) error.pointer = "/tags/" + std::to_string(i);
      return std::unexpected(std::move(rejection));
    }
    if (std::find(ids.begin(), ids.end(), *id) == ids.end()) ids.push_back(*id);
  }
  return ids;
}

void add_tagged(const model::Uuid& id, const model::Uuid& subject, const std::vector<model::Uuid>& tags, Draft& draft) {
  if (tags.empty()) return;
  v1::ContactTagged tagged;
  for (const model::Uuid& tag : tags) tagged.add_tag_ids(std::string(tag.view()));
  draft.add(business_event(tagged, id, subject));
}

std::vector<std::string> tags_of(const v1::CreateContact& command) {
  return {command.tags().begin(), command.tags().end()};
}

bool has_secondary(std::string_view contact, std::string_view key) {
  const auto keys = model::get_all_bytes(contact, v1::Contact::kSecondaryEmailKeysFieldNumber);
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

// Turns the checked change of a contact into its events: those with a name of their own first. A secondary e-mail that
// becomes the e-mail stops being a secondary one.
void add_changes(const Event& whole, std::string_view before, Draft& draft) {
  FieldPatches parts(whole.data, whole.cleared);
  if (const auto email = parts.take(v1::Contact::kEmailFieldNumber)) {
    const auto key = parts.take(v1::Contact::kEmailKeyFieldNumber);
    if (key && has_secondary(before, *key)) {
      v1::ContactSecondaryEmailRemoved promoted;
      promoted.set_email_key(*key);
      draft.add(business_event(promoted, whole.id, whole.subject));
    }
    v1::ContactEmailChanged changed;
    if (!email->empty()) changed.set_email(*email);
    const auto same_key = model::get_bytes(before, v1::Contact::kEmailKeyFieldNumber);
    if (key ? !key->empty() : same_key.has_value()) changed.set_email_key(key ? *key : std::string(*same_key));
    if (const auto previous = model::get_bytes(before, v1::Contact::kEmailFieldNumber)) {
      changed.set_previous_email(std::string(*previous));
    }
    draft.add(business_event(changed, whole.id, whole.subject));
  }
  if (const auto owner = parts.take(v1::Contact::kOwnerIdFieldNumber)) {
    v1::ContactAssigned assigned;
    if (!owner->empty()) assigned.set_owner_id(*owner);
    if (const auto previous = model::get_bytes(before, v1::Contact::kOwnerIdFieldNumber)) {
      assigned.set_previous_owner_id(std::string(*previous));
    }
    draft.add(business_event(assigned, whole.id, whole.subject));
  }
  if (!parts.rest().empty()) {
    Event rest = whole;
    rest.data = parts.rest().set;
    rest.cleared = parts.rest().cleared;
    draft.add(std::move(rest));
  }
}

}  // namespace

Result<Events> create_contact(const v1::CreateContact& command, const View& view, const Context& context,
                              const ContactTerms& terms) {
  if (auto full = check_contact_limit(view)) return std::unexpected(std::move(*full));
  Draft draft(view, context);
  model::Patch patch{command.record().SerializeAsString(), {}};
  if (terms.link_company) {
    auto completed = with_company(std::move(patch), {}, draft, context);
    if (!completed) return std::unexpected(completed.error());
    patch = std::move(*completed);
  }
  auto created = create(contacts(), patch.set, draft.view(), context);
  const auto tags = tag_ids(tags_of(command), draft, context);
  auto errors = check_identity(patch.set, terms.identity, view);
  add_errors(errors, tags);
  if (errors.empty() && !created) return std::unexpected(created.error());
  add_errors(errors, created);
  if (!errors.empty()) return invalid(std::move(errors));
  if (!tags) return std::unexpected(tags.error());
  const model::Uuid id = created->id;
  draft.add(std::move(*created));
  add_tagged(id, id, *tags, draft);
  return draft.take();
}

Result<Events> update_contact(const model::Uuid& id, const model::Patch& patch, const View& view,
                              const Context& context, const ContactTerms& terms) {
  const auto before = find_live(contacts(), id, view);
  if (!before) return std::unexpected(before.error());
  Draft draft(view, context);
  model::Patch completed = patch;
  if (terms.link_company) {
    auto linked = with_company(std::move(completed), *before, draft, context);
    if (!linked) return std::unexpected(linked.error());
    completed = std::move(*linked);
  }
  auto checked = update(contacts(), id, completed, draft.view());
  if (checked && checked->empty()) return Events{};
  const std::string after = model::overlay(*before, completed.set, completed.cleared);
  auto errors = check_identity(after, terms.identity, view);
  forgive_old(errors, check_identity(*before, terms.identity, view), contacts(), model::changed_fields(*before, after));
  if (errors.empty() && !checked) return std::unexpected(checked.error());
  add_errors(errors, checked);
  if (!errors.empty()) return invalid(std::move(errors));
  add_changes(checked->front(), *before, draft);
  return draft.take();
}

std::optional<model::Uuid> find_contact(std::string_view email, const View& view) {
  const auto key = model::email_key(email);
  return key ? view.find_unique(contacts(), "email", *key) : std::nullopt;
}

Result<Events> add_secondary_email(const model::Uuid& id, std::string_view email, const View& view, const Context&) {
  const auto record = find_live(contacts(), id, view);
  if (!record) return std::unexpected(record.error());
  const auto key = model::email_key(email);
  if (!key) return invalid("/email", "invalid_email", "This is not an e-mail address.");
  if (const auto holder = view.find_unique(contacts(), "email", *key)) {
    if (*holder == id) return Events{};
    return std::unexpected(Rejection{"email_taken",
                                     "Another contact has this email.",
                                     {{"/email", "email_taken", "Another contact has this email."}},
                                     *holder});
  }
  v1::ContactSecondaryEmailAdded added;
  added.set_email(std::string(email));
  added.set_email_key(*key);
  return Events{business_event(added, id, subject_of(id, *record))};
}

Result<Events> remove_secondary_email(const model::Uuid& id, std::string_view email, const View& view, const Context&) {
  const auto record = find_live(contacts(), id, view);
  if (!record) return std::unexpected(record.error());
  const auto key = model::email_key(email);
  if (!key || !has_secondary(*record, *key)) return Events{};
  v1::ContactSecondaryEmailRemoved removed;
  removed.set_email_key(*key);
  return Events{business_event(removed, id, subject_of(id, *record))};
}

Result<Events> tag_contact(const model::Uuid& id, const std::vector<std::string>& names, const View& view,
                           const Context& context) {
  const auto record = find_live(contacts(), id, view);
  if (!record) return std::unexpected(record.error());
  Draft draft(view, context);
  auto tags = tag_ids(names, draft, context);
  if (!tags) return std::unexpected(tags.error());
  const auto present = model::get_all_bytes(*record, v1::Contact::kTagIdsFieldNumber);
  std::erase_if(*tags, [&](const model::Uuid& tag) {
    return std::find(present.begin(), present.end(), tag.view()) != present.end();
  });
  add_tagged(id, subject_of(id, *record), *tags, draft);
  return draft.take();
}

Result<Events> untag_contact(const model::Uuid& id, std::string_view name, const View& view, const Context&) {
  const auto record = find_live(contacts(), id, view);
  if (!record) return std::unexpected(record.error());
  const auto tag = find_tag(name, view);
  const auto present = model::get_all_bytes(*record, v1::Contact::kTagIdsFieldNumber);
  if (!tag || std::find(present.begin(), present.end(), tag->view()) == present.end()) return Events{};
  v1::ContactUntagged untagged;
  untagged.add_tag_ids(std::string(tag->view()));
  return Events{business_event(untagged, id, subject_of(id, *record))};
}

}  // namespace daybook::domain
