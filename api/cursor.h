#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "eventstore/seal.h"
#include "model/uuid.h"

namespace daybook::api {

/// Cursors of lists: where a walk goes on, sealed so that clients neither read nor make one, as a position holds values
/// of a record. A cursor opens only with the key it was made with, for the same workspace and the same query; it holds
/// nothing that a restart or a rebuild changes. Thread-safe.

/// What a cursor is good for. `query` is whatever must stay the same during the walk: projections::identity of a list,
/// or a name for other walks.
struct CursorScope {
  model::WorkspaceId workspace;
  std::string_view query;
};

/// base64url (RFC 4648 §5) without padding. Equal positions give equal cursors.
std::string write_cursor(const eventstore::Key& key, const CursorScope& scope, std::string_view position);
/// The position; nothing if the cursor was made otherwise or elsewhere: 400 `invalid_cursor`.
std::optional<std::string> read_cursor(const eventstore::Key& key, const CursorScope& scope, std::string_view cursor);

}  // namespace daybook::api
