#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/schema.h"

namespace daybook::model {

/// One value from outside (a JSON member, a CSV cell, a filter) to the wire bytes of its field, with every rule of the
/// field's options but `required`, which is a rule of the record that results.

/// Why a value was refused: a stable code of the HTTP interface, and a sentence that names the field and the remedy.
struct FieldProblem {
  std::string_view code;  // invalid_email, invalid_value, too_long, …; a literal
  std::string detail;
};

/// How a text is to be read.
struct ValueForm {
  /// As people write cells: white space around anything but texts, options and currencies in any case, yes/no and 1/0
  /// for true and false, money without all its digits.
  bool lenient = false;
  /// Of money: the code that says how many digits it has.
  std::string_view currency{};
};

/// Appends the field with the value that `text` says; on a problem `out` stays as it was. Any scalar type; an empty
/// text is no value and refused: callers take it for null first. Texts are kept as entered.
std::optional<FieldProblem> append_text(std::string& out, const Field& field, std::string_view text,
                                        const ValueForm& form = {});
/// The same for a number or a truth value that came as one; a problem if the field is of another type.
std::optional<FieldProblem> append_integer(std::string& out, const Field& field, std::int64_t value);
std::optional<FieldProblem> append_boolean(std::string& out, const Field& field, bool value);

/// What a value of the field must be, as it ends a sentence: "one of customer, contractor or vendor".
std::string expectation(const Field& field);
/// `<field> must be <expectation>.` under `invalid_value`.
FieldProblem not_expected(const Field& field);

}  // namespace daybook::model
