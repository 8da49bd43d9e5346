#pragma once

#include <map>
#include <string>
#include <string_view>

#include "domain/context.h"
#include "domain/fold.h"
#include "domain/result.h"
#include "domain/store.h"

namespace daybook::domain {

/// Two contacts that are one person (domain.md §9).

struct MergeContacts {
  model::Uuid primary;
  model::Uuid duplicate;
  /// Field name → `primary` or `duplicate`: whose value stands, an empty one included. Without a choice the primary's
  /// does, or, where it is empty, the duplicate's. Birth month and day go together, and so do company and its name. An
  /// e-mail is never lost: the one that is not chosen becomes a secondary one.
  std::map<std::string, std::string> fields{};
  std::optional<std::int64_t> primary_version{};
  std::optional<std::int64_t> duplicate_version{};
};

/// contact.merged, and contact.relinked for the re-links that it could not name. The duplicate is deleted, and every
/// record that referred to it, a deleted one too, refers to the survivor. Tags and secondary e-mails are united. Where
/// the survivor already has a record of which there can be only one, that one stays and the duplicate's is hidden with
/// the duplicate. Of the two consents the stricter stands: subscribed only if both are, unsubscribed if either is.
/// Merging again what is merged emits nothing. Rejects at /duplicate_id what cannot be merged, at /fields what cannot
/// be chosen, and `version_mismatch`.
Result<Events> merge_contacts(const MergeContacts& command, const View& view, const Context& context);

/// Where the contact is now: itself, or what it was merged into, as often as that happened.
model::Uuid last_survivor(const model::Uuid& id, const View& view);

/// The event types of this file, for the rules of contacts.
std::vector<EventType> merge_events();

}  // namespace daybook::domain
