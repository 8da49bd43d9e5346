#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daybook/v1/contact.pb.h"
#include "daybook/v1/workspace.pb.h"
#include "domain/draft.h"
#include "domain/kind_rules.h"

namespace daybook::domain {

/// Contacts: who they are, how they are reached, what they are tagged with (rules 1, 2, 4 and 7).

/// What a named import profile or another caller demands instead of the workspace's settings.
struct ContactTerms {
  std::optional<v1::Settings::ContactIdentity> identity{};  // else the workspace's
  bool link_company = true;                                 // false: the name is kept as text only
};

/// contact.created, with company.created and tag.created before it where they are missing, and contact.tagged.
/// Rejects email_taken naming the contact that has the address.
Result<Events> create_contact(const v1::CreateContact& command, const View& view, const Context& context,
                              const ContactTerms& terms = {});

/// A merge patch: contact.email_changed and contact.assigned for what has an event of its own, contact.updated for the
/// rest; a company name links or creates the company, null unlinks it.
Result<Events> update_contact(const model::Uuid& id, const model::Patch& patch, const View& view,
                              const Context& context, const ContactTerms& terms = {});

/// The live contact that has the address as its e-mail or a secondary one.
std::optional<model::Uuid> find_contact(std::string_view email, const View& view);

Result<Events> add_secondary_email(const model::Uuid& id, std::string_view email, const View& view,
                                   const Context& context);
Result<Events> remove_secondary_email(const model::Uuid& id, std::string_view email, const View& view,
                                      const Context& context);

/// Missing tags are created, present ones left alone.
Result<Events> tag_contact(const model::Uuid& id, const std::vector<std::string>& names, const View& view,
                           const Context& context);
Result<Events> untag_contact(const model::Uuid& id, std::string_view name, const View& view, const Context& context);

KindRules contact_rules();

}  // namespace daybook::domain
