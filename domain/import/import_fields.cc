#include "domain/import/import_fields.h"

#include <algorithm>
#include <array>
#include <ranges>
#include <vector>

#include "domain/import/cell_text.h"

namespace daybook::domain {
namespace {

// Never imported: set by hand only.
constexpr std::string_view kByHand = "portal_user_id";

constexpr auto kContactFields = std::to_array<ImportField>({
    {.name = "name", .aliases = "fullname contactname displayname contact personname"},
    {.name = "first_name", .aliases = "givenname forename fname contactfirstname personfirstname"},
    {.name = "last_name", .aliases = "surname familyname lname secondname contactlastname personlastname"},
    {.name = "email",
     .aliases = "emailaddress mail emailid primaryemail workemail email1 contactemail personemail personemailwork "
                "personemailhome personemailother"},
    {.name = "phone",
     .aliases = "phonenumber telephone telephonenumber tel mobile mobilephone mobilephonenumber mobilenumber cell "
                "cellphone primaryphone workphone businessphone phone1 phone2 contactphone personphone "
                "personphonework personphonemobile personphonehome personphoneother"},
    {.name = "company",
     .aliases = "companyname organisation organization organisationname organizationname account accountname employer "
                "business businessname associatedcompany personorganization personorganisation"},
    {.name = "job_title", .aliases = "title position role jobrole jobposition personjobtitle"},
    {.name = "type", .aliases = "contacttype"},
    {.name = "status", .aliases = "contactstatus leadstatus"},
    {.name = "lead_source", .aliases = "originalsource originalsourcetype personleadsource"},
    {.name = "industry", .aliases = "sector companyindustry"},
    {.name = "company_size", .aliases = "numberofemployees employees employeecount headcount companyemployees"},
    {.name = "timezone", .aliases = "tz"},
    {.name = "address_line1",
     .aliases = "address address1 addressline street streetaddress streetaddress1 mailingstreet personpostaladdress"},
    {.name = "address_line2", .aliases = "address2 street2 streetaddress2 apartment suite"},
    {.name = "city", .aliases = "town locality mailingcity"},
    {.name = "state", .aliases = "state/region state/province region province county stateregion mailingstate"},
    {.name = "postal_code",
     .aliases = "zip zipcode postcode zip/postalcode postalcode/zip zippostalcode mailingpostalcode"},
    {.name = "country", .aliases = "country/region countryregion mailingcountry"},
    {.name = "birth_month", .aliases = "birthdaymonth monthofbirth"},
    {.name = "birth_day", .aliases = "birthdayday dayofbirth"},
    {.name = "birthday", .type = CellType::kDate, .aliases = "dateofbirth birthdate dob bornon personbirthday"},
    {.name = "tags", .aliases = "tag labels label personlabels personlabel"},
    {.name = "notes", .aliases = "note comment comments remarks personnotes"},
    {.name = "owner", .aliases = "contactowner ownername owneremail assignedto assigneduser assignee personowner"},
});

constexpr auto kDealFields = std::to_array<ImportField>({
    {.name = "title", .aliases = "name dealname dealtitle deal opportunity opportunityname"},
    {.name = "value",
     .type = CellType::kAmount,
     .aliases = "amount dealvalue dealamount opportunityvalue opportunityamount price revenue"},
    {.name = "stage", .aliases = "dealstage pipelinestage opportunitystage salesstage stagename"},
    {.name = "email",
     .aliases = "contactemail emailaddress customeremail personemail personemailwork associatedcontactemail"},
    {.name = "probability", .aliases = "dealprobability winprobability probability(%) probability%"},
    {.name = "notes", .aliases = "note comment comments description dealdescription remarks"},
    {.name = "expected_close_date",
     .type = CellType::kDate,
     .aliases = "closedate expectedclose expectedcloseon expectedclosingdate closingdate dealexpectedclosedate"},
    {.name = "closed_at",
     .type = CellType::kDate,
     .aliases = "closeddate closedon closedtime dealclosedon dealclosetime actualclosedate"},
    {.name = "lost_reason", .aliases = "closedlostreason reasonlost lossreason deallostreason"},
    {.name = "currency", .aliases = "currencycode dealcurrency currencyofvalue dealcurrencyofvalue"},
    {.name = "owner", .aliases = "dealowner opportunityowner ownername owneremail salesperson assignedto assigneduser"},
    {.name = "pipeline", .aliases = "dealpipeline pipelinename"},
});

const model::Kind& kind_of_import(ImportKind kind) {
  return *model::schema().kind(kind == ImportKind::kContacts ? "contact" : "deal");
}

bool has_alias(const ImportField& field, std::string_view normal) {
  if (normal_header(field.name) == normal) return true;
  return std::ranges::any_of(field.aliases | std::views::split(' '),
                             [&](auto alias) { return std::string_view(alias.begin(), alias.end()) == normal; });
}

bool is_known(std::span<const ImportField> table, std::string_view name) {
  const std::string normal = normal_header(name);
  return std::ranges::any_of(table, [&](const ImportField& field) { return has_alias(field, normal); });
}

std::vector<ImportField> with_plain_fields(std::span<const ImportField> table, ImportKind kind) {
  std::vector<ImportField> fields(table.begin(), table.end());
  for (const model::Field& field : kind_of_import(kind).message->fields) {
    if (!is_plain_cell(field) || is_known(table, field.name) || field.name == kByHand) continue;
    const bool is_date = field.type == model::FieldType::kDate || field.type == model::FieldType::kTime;
    fields.push_back({.name = field.name, .type = is_date ? CellType::kDate : CellType::kText, .aliases = {}});
  }
  return fields;
}

}  // namespace

bool is_plain_cell(const model::Field& field) {
  using enum model::FieldType;
  if (field.set_by != model::SetBy::kAnyone || field.repeated || field.internal || field.secret) return false;
  return field.type != kId && field.type != kMoney && field.type != kBinary && field.type != kMessage;
}

std::span<const ImportField> import_fields(ImportKind kind) {
  static const std::vector<ImportField> kContacts = with_plain_fields(kContactFields, ImportKind::kContacts);
  static const std::vector<ImportField> kDeals = with_plain_fields(kDealFields, ImportKind::kDeals);
  return kind == ImportKind::kContacts ? kContacts : kDeals;
}

const ImportField* find_import_field(ImportKind kind, std::string_view name) {
  const auto fields = import_fields(kind);
  const auto found = std::ranges::find(fields, name, &ImportField::name);
  return found == fields.end() ? nullptr : &*found;
}

const ImportField* field_of_header(ImportKind kind, std::string_view header) {
  const std::string normal = normal_header(header);
  if (normal.empty()) return nullptr;
  // As it stands first: a "Birthday" is a date, a "birth day" one of the month.
  if (const ImportField* same = find_import_field(kind, ascii_lower(trimmed(header)))) return same;
  const auto fields = import_fields(kind);
  const auto found = std::ranges::find_if(fields, [&](const ImportField& field) { return has_alias(field, normal); });
  return found == fields.end() ? nullptr : &*found;
}

std::string normal_header(std::string_view header) {
  std::string normal;
  for (std::size_t at = 0; at < header.size(); ++at) {
    if (header.substr(at).starts_with("\xC2\xA0")) {
      ++at;
    } else if (!std::string_view(" \t\r\n\v\f_-").contains(header[at])) {
      normal += header[at];
    }
  }
  return ascii_lower(normal);
}

}  // namespace daybook::domain
