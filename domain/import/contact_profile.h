#pragma once

#include <string_view>
#include <vector>

#include "domain/import/import_options.h"

namespace daybook::domain {

/// What identifies a person in a file: which columns it has, or which cells of a row are not empty.
struct IdentityParts {
  bool name = false;  // the lone column; what split_name() makes of a cell counts as first and last name
  bool first_name = false;
  bool last_name = false;
  bool email = false;
};

/// The profiles (domain.md §7) that these columns can serve; kAuto is never among them.
/// name_and_email: an e-mail and any name. names: first and last, or the lone name. email: an e-mail.
std::vector<ImportProfile> profiles_served(const IdentityParts& columns);

/// Does a row hold what one of the profiles asks for? `row.first_name` and `row.last_name` say what there is after the
/// lone name was split.
bool row_serves(const IdentityParts& row, const std::vector<ImportProfile>& profiles);

/// The problems of a file whose columns do not serve the profile that was asked for; none when they do.
std::vector<ImportProblem> missing_for_profile(const IdentityParts& columns, ImportProfile profile,
                                               std::string_view headers);

}  // namespace daybook::domain
