#include "domain/merge_fields.h"

#include <algorithm>

#include "domain/links.h"
#include "domain/store.h"
#include "model/record.h"
#include "model/wire.h"

namespace daybook::domain {
namespace {

using Contact = v1::Contact;
using Numbers = std::vector<std::uint32_t>;
using Choices = std::map<std::string, std::string>;

constexpr std::uint32_t kEmail = Contact::kEmailFieldNumber;
constexpr std::uint32_t kEmails = Contact::kSecondaryEmailsFieldNumber;
constexpr std::uint32_t kEmailKeys = Contact::kSecondaryEmailKeysFieldNumber;

const model::Message& fields() { return *kind_of<Contact>().message; }

// Fields that mean something only together: taken or left as one.
Numbers group_of(std::uint32_t number) {
  static const std::vector<Numbers> kGroups{
      {kEmail, Contact::kEmailKeyFieldNumber},
      {Contact::kCompanyIdFieldNumber, Contact::kCompanyNameFieldNumber},
      {Contact::kBirthMonthFieldNumber, Contact::kBirthDayFieldNumber},
      {Contact::kOptInAtFieldNumber, Contact::kOptInSourceFieldNumber, Contact::kOptInIpFieldNumber}};
  for (const Numbers& group : kGroups) {
    if (std::find(group.begin(), group.end(), number) != group.end()) return group;
  }
  return {number};
}

bool can_be_chosen(const model::Field& field) { return field.set_by == model::SetBy::kAnyone && field.number != 1; }

bool is_empty(std::string_view record, const Numbers& numbers) {
  return std::all_of(numbers.begin(), numbers.end(),
                     [&](std::uint32_t number) { return model::field_bytes(record, number).empty(); });
}

std::string choice_for(const Choices& choices, const Numbers& group) {
  for (const std::uint32_t number : group) {
    const auto found = choices.find(fields().field(number)->name);
    if (found != choices.end()) return found->second;
  }
  return {};
}

bool takes(const Choices& choices, const Numbers& group, std::string_view primary, std::string_view duplicate) {
  const std::string choice = choice_for(choices, group);
  const bool nothing_there = is_empty(duplicate, group);
  if (choice == "duplicate") return !nothing_there || group.front() != kEmail;
  return choice.empty() && !nothing_there && is_empty(primary, group);
}

void take(std::uint32_t number, std::string_view primary, std::string_view duplicate, v1::ContactMerged& merged) {
  if (model::field_bytes(primary, number) != model::field_bytes(duplicate, number)) merged.add_taken(number);
}

// The stricter consent stands: subscribed only if both are, unsubscribed if either is.
void decide_consent(std::string_view primary, std::string_view duplicate, v1::ContactMerged& merged) {
  constexpr std::uint32_t kSubscribed = Contact::kIsSubscribedFieldNumber;
  constexpr std::uint32_t kUnsubscribedAt = Contact::kUnsubscribedAtFieldNumber;
  const bool subscribed = model::get_integer(primary, kSubscribed).value_or(0) != 0;
  const bool both = subscribed && model::get_integer(duplicate, kSubscribed).value_or(0) != 0;
  if (subscribed && !both) take(kSubscribed, primary, duplicate, merged);
  if (is_empty(primary, {kUnsubscribedAt})) take(kUnsubscribedAt, primary, duplicate, merged);
}

std::vector<std::string> addresses_of(std::string_view contact, std::uint32_t own, std::uint32_t secondary) {
  std::vector<std::string> found{std::string(model::get_bytes(contact, own).value_or(std::string_view()))};
  for (const std::string_view address : model::get_all_bytes(contact, secondary)) found.emplace_back(address);
  return found;
}

void decide_addresses(std::string_view primary, std::string_view duplicate, v1::ContactMerged& merged) {
  constexpr std::uint32_t kOwnKey = Contact::kEmailKeyFieldNumber;
  const auto& taken = merged.taken();
  const bool email_taken = std::find(taken.begin(), taken.end(), kOwnKey) != taken.end();
  auto present = addresses_of(primary, kOwnKey, kEmailKeys);
  const auto theirs = addresses_of(duplicate, kOwnKey, kEmailKeys);
  if (email_taken) {
    if (!present.front().empty()) merged.set_own_address_kept(true);
    present.push_back(theirs.front());
  }
  for (std::uint32_t i = 0; i < theirs.size(); ++i) {
    if (theirs[i].empty() || std::find(present.begin(), present.end(), theirs[i]) != present.end()) continue;
    merged.add_addresses(i);
    present.push_back(theirs[i]);
  }
}

void append_address(std::string& addresses, std::string& keys, const std::string& address, const std::string& key) {
  if (address.empty() || key.empty()) return;
  model::append_bytes_field(addresses, kEmails, address);
  model::append_bytes_field(keys, kEmailKeys, key);
}

}  // namespace

std::vector<FieldError> check_choices(const Choices& choices) {
  std::vector<FieldError> errors;
  for (const auto& [name, side] : choices) {
    const std::string pointer = "/fields/" + name;
    const model::Field* field = fields().field(name);
    if (field == nullptr) {
      errors.push_back({pointer, "unknown_field", "A contact has no such field."});
    } else if (!can_be_chosen(*field)) {
      errors.push_back({pointer, "immutable", "This field follows from both contacts; it cannot be chosen."});
    } else if (side != "primary" && side != "duplicate") {
      errors.push_back({pointer, "invalid_value", "Say primary or duplicate."});
    } else if (choice_for(choices, group_of(field->number)) != side) {
      errors.push_back({pointer, "invalid_value", "It goes with another field; choose the same side for both."});
    }
    if (errors.size() == kErrorLimit) break;
  }
  return errors;
}

v1::ContactMerged decide_fields(const Choices& choices, std::string_view primary, std::string_view duplicate) {
  v1::ContactMerged merged;
  for (const model::Field& field : fields().fields) {
    const Numbers group = group_of(field.number);
    const bool follows = field.repeated || field.internal || field.number == 1;
    if (follows || group.front() != field.number || field.number == Contact::kMergedIntoFieldNumber) continue;
    if (field.number == Contact::kIsSubscribedFieldNumber) {
      decide_consent(primary, duplicate, merged);
    } else if (field.number != Contact::kUnsubscribedAtFieldNumber && takes(choices, group, primary, duplicate)) {
      for (const std::uint32_t number : group) take(number, primary, duplicate, merged);
    }
  }
  decide_addresses(primary, duplicate, merged);
  const auto tags = model::get_all_bytes(primary, Contact::kTagIdsFieldNumber);
  for (const std::string_view tag : model::get_all_bytes(duplicate, Contact::kTagIdsFieldNumber)) {
    if (std::find(tags.begin(), tags.end(), tag) == tags.end()) merged.add_tag_ids(std::string(tag));
  }
  std::string previous;
  for (const std::uint32_t number : merged.taken()) previous += model::field_bytes(primary, number);
  if (!previous.empty()) *merged.mutable_previous() = parse<Contact>(previous);
  return merged;
}

std::string merged_record(const v1::ContactMerged& merged, std::string_view primary, std::string_view duplicate) {
  std::string set;
  Numbers cleared;
  for (const std::uint32_t number : merged.taken()) {
    const std::string value = model::field_bytes(duplicate, number);
    set += value;
    if (value.empty()) cleared.push_back(number);
  }
  std::string addresses = model::field_bytes(primary, kEmails);
  std::string keys = model::field_bytes(primary, kEmailKeys);
  const auto add_from = [&](std::string_view contact, std::size_t index) {
    const auto own = addresses_of(contact, kEmail, kEmails);
    const auto own_keys = addresses_of(contact, Contact::kEmailKeyFieldNumber, kEmailKeys);
    if (index < own.size() && index < own_keys.size()) append_address(addresses, keys, own[index], own_keys[index]);
  };
  if (merged.own_address_kept()) add_from(primary, 0);
  for (const std::uint32_t index : merged.addresses()) add_from(duplicate, index);
  Contact names;
  if (merged.has_sort_name()) names.set_sort_name(merged.sort_name());
  set += addresses + keys + names.SerializeAsString();

  std::string record = model::overlay(primary, set, cleared);
  const model::Field& tags = *fields().field(std::uint32_t{Contact::kTagIdsFieldNumber});
  for (const std::string& tag : merged.tag_ids()) record = with_link(record, tags, tag);
  return record;
}

}  // namespace daybook::domain
