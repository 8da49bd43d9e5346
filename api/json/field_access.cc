#include "api/json/field_access.h"

namespace daybook::api {
namespace {

bool is_meta(const model::Field& field) { return field.number == 1 && field.name == "meta"; }

}  // namespace

using model::Field;
using model::SetBy;

bool is_outside(const Field& field) { return !field.internal && !field.secret && !field.is_inline && !is_meta(field); }

bool is_record(const model::Message& message) { return !message.fields.empty() && is_meta(message.fields.front()); }

bool is_system_column(std::string_view name) {
  const Field* column = model::schema().message("daybook.v1.Meta")->field(name);
  return name == "id" || (column != nullptr && !column->internal);
}

const Field* outside_field(const model::Message& message, std::string_view name) {
  const Field* field = message.field(name);
  return field != nullptr && is_outside(*field) ? field : nullptr;
}

bool may_set(const Field& field, ReadMode mode) {
  switch (field.set_by) {
    case SetBy::kAnyone:
      return true;
    case SetBy::kCreate:
      return mode != ReadMode::kUpdate;
    case SetBy::kUpdate:
      return mode != ReadMode::kCreate;
    case SetBy::kOwnCommand:
      return mode == ReadMode::kCommand;
    case SetBy::kFold:
      return false;
  }
  return false;
}

std::string immutable_detail(const Field& field) {
  switch (field.set_by) {
    case SetBy::kCreate:
      return field.name + " can be given only when the record is created; leave it out.";
    case SetBy::kUpdate:
      return field.name + " can be given only when the record is updated; leave it out.";
    case SetBy::kOwnCommand:
      return field.name + " is changed by a command of its own; leave it out.";
    default:
      return field.name + " is set by Daybook itself; leave it out.";
  }
}

void add_settable_names(const model::Message& message, ReadMode mode, std::vector<std::string_view>& names) {
  for (const Field& field : message.fields) {
    if (is_outside(field) && may_set(field, mode)) names.push_back(field.name);
  }
}

}  // namespace daybook::api
