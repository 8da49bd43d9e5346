#include "domain/import/contact_profile.h"

#include <algorithm>
#include <string>

namespace daybook::domain {
namespace {

ImportProblem missing(std::string_view field, std::string_view why, std::string_view headers) {
  std::string detail(why);
  detail.append(" Name the column in columns.").append(field).append(". Columns: ").append(headers);
  return {"/columns/" + std::string(field), "import_needs_options", std::move(detail)};
}

}  // namespace

std::vector<ImportProfile> profiles_served(const IdentityParts& columns) {
  std::vector<ImportProfile> served;
  const bool any_name = columns.name || columns.first_name || columns.last_name;
  if (any_name && columns.email) served.push_back(ImportProfile::kNameAndEmail);
  if (columns.name || (columns.first_name && columns.last_name)) served.push_back(ImportProfile::kNames);
  if (columns.email) served.push_back(ImportProfile::kEmail);
  return served;
}

bool row_serves(const IdentityParts& row, const std::vector<ImportProfile>& profiles) {
  return std::ranges::any_of(profiles, [&](ImportProfile profile) {
    switch (profile) {
      case ImportProfile::kNameAndEmail:
        return row.email && (row.first_name || row.last_name);
      case ImportProfile::kNames:
        return row.first_name && row.last_name;
      case ImportProfile::kEmail:
        return row.email;
      case ImportProfile::kAuto:
        break;
    }
    return false;
  });
}

std::vector<ImportProblem> missing_for_profile(const IdentityParts& columns, ImportProfile profile,
                                               std::string_view headers) {
  const std::vector<ImportProfile> served = profiles_served(columns);
  std::vector<ImportProblem> problems;
  if (profile == ImportProfile::kAuto) {
    if (!served.empty()) return problems;
    problems.push_back(
        missing("email", "Contacts need an e-mail column, or first_name and last_name, or name.", headers));
    return problems;
  }
  if (std::ranges::find(served, profile) != served.end()) return problems;
  if (profile != ImportProfile::kNames && !columns.email) {
    problems.push_back(missing("email", "The profile needs an e-mail column.", headers));
  }
  if (profile == ImportProfile::kNameAndEmail && !columns.name && !columns.first_name && !columns.last_name) {
    problems.push_back(missing("name", "The profile needs a column with the name.", headers));
  }
  if (profile == ImportProfile::kNames && !columns.first_name) {
    problems.push_back(missing("first_name", "The profile needs a column with the first name.", headers));
  }
  if (profile == ImportProfile::kNames && !columns.last_name) {
    problems.push_back(missing("last_name", "The profile needs a column with the last name.", headers));
  }
  return problems;
}

}  // namespace daybook::domain
