#pragma once

#include <gtest/gtest.h>

#include <string>

#include "model/schema.h"

namespace daybook::api {

/// A JSON value that the field takes and that comes out as it went in; null where nobody outside gives one.
std::string good_value(const model::Field& field);
/// The same as a text without quotes, as it stands in a CSV cell or in the query of a list. Of single scalars.
std::string good_text(const model::Field& field);
/// One that parses as JSON but that no field of the type takes, and the code of its refusal.
std::string bad_value(const model::Field& field);
std::string bad_code(const model::Field& field);

/// Whether a command may give it: the fold's own fields, system columns and secrets are nobody's.
bool is_given_by_clients(const model::Field& field);

/// Calls `check(kind, field)` for every field that clients give, of every kind; fails where there are few.
template <typename Check>
void for_each_field(Check check) {
  int count = 0;  // so that a walk over nothing does not pass
  for (const model::Kind& kind : model::schema().kinds()) {
    for (const model::Field& field : kind.message->fields) {
      SCOPED_TRACE(kind.name + "." + field.name);
      if (is_given_by_clients(field)) check(kind, field);
      ++count;
    }
  }
  EXPECT_GT(count, 100);
}

}  // namespace daybook::api
