#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daybook/v1/contact.pb.h"
#include "domain/result.h"

namespace daybook::domain {

/// Errors at /fields of choices that name no field that can be chosen, or no side.
std::vector<FieldError> check_choices(const std::map<std::string, std::string>& choices);

/// What the survivor takes of the duplicate's own fields: `taken`, `addresses`, `own_address_kept`, `tag_ids` and
/// `previous` of the event. Both records are live contacts; the choices are checked.
v1::ContactMerged decide_fields(const std::map<std::string, std::string>& choices, std::string_view primary,
                                std::string_view duplicate);

/// The survivor's record after the merge; what an erased duplicate no longer has is taken as empty.
std::string merged_record(const v1::ContactMerged& merged, std::string_view primary, std::string_view duplicate);

}  // namespace daybook::domain
