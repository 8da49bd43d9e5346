#include "domain/kind_rules.h"

#include <map>

#include "domain/activity.h"
#include "domain/company.h"
#include "domain/contact.h"
#include "domain/deal.h"
#include "domain/email.h"
#include "domain/import_record.h"
#include "domain/note.h"
#include "domain/pipeline.h"
#include "domain/tag.h"
#include "domain/workspace.h"

namespace daybook::domain {
namespace {

std::map<std::uint32_t, KindRules> all_rules() {
  const auto number = [](std::string_view name) { return model::schema().kind(name)->number; };
  std::map<std::uint32_t, KindRules> rules;
  rules[number("workspace")] = workspace_rules();
  rules[number("tenant")] = tenant_rules();
  rules[number("member")] = member_rules();
  rules[number("api_key")] = api_key_rules();
  rules[number("contact")] = contact_rules();
  rules[number("company")] = company_rules();
  rules[number("tag")] = tag_rules();
  rules[number("pipeline")] = pipeline_rules();
  rules[number("deal")] = deal_rules();
  rules[number("note")] = note_rules();
  rules[number("activity")] = activity_rules();
  rules[number("email")] = email_rules();
  rules[number("import")] = import_rules();
  return rules;
}

}  // namespace

const KindRules& rules_of(const model::Kind& kind) {
  static const std::map<std::uint32_t, KindRules> kRules = all_rules();
  static const KindRules kNone;
  const auto found = kRules.find(kind.number);
  return found == kRules.end() ? kNone : found->second;
}

}  // namespace daybook::domain
