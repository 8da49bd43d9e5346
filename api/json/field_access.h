#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/json/command_reader.h"

namespace daybook::api {

/// Whether clients see a field under its name at all: not so internal, secret and system fields and inlined records.
bool is_outside(const model::Field& field);
/// Whether it is a member of every record that only Daybook sets, such as id and version.
bool is_system_column(std::string_view name);
/// The field of that name that clients see; nullptr if there is none.
const model::Field* outside_field(const model::Message& message, std::string_view name);
/// Whether a body read in this mode may give the field.
bool may_set(const model::Field& field, ReadMode mode);
/// Why it may not, and what to do.
std::string immutable_detail(const model::Field& field);
/// A kind's own message, as against a command or a part of a record.
bool is_record(const model::Message& message);
void add_settable_names(const model::Message& message, ReadMode mode, std::vector<std::string_view>& names);

}  // namespace daybook::api
