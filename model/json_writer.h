#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/schema.h"
#include "model/uuid.h"

namespace daybook::model {

/// JSON (RFC 8259) straight from wire bytes. Every field that is neither internal nor secret is present, null when
/// unset, lists `[]`. Ids are UUIDs, times RFC 3339 in UTC, money a decimal string with its currency's digits, options
/// their lower-case names, messages objects.

/// The fields of a record that are shown, by bit number; the id always is.
struct Selection {
  std::uint64_t fields = ~std::uint64_t{0};  // of the record
  std::uint64_t meta = ~std::uint64_t{0};    // of its system columns
};

/// Shown in place of a field's own value.
struct Replacement {
  std::uint32_t number = 0;
  std::string_view json;
};

/// Shown after the record's own members, in order.
struct ExtraMember {
  std::string_view name;
  std::string_view json;
};

struct WriteOptions {
  Selection selection{};
  std::span<const Replacement> replacements{};
  std::span<const ExtraMember> extra{};
  std::string_view currency{};  // of money beside no currency; empty: two digits
};

/// The selection of the fields named; what `kind` does not show under that name is added to `unknown`, for the caller
/// who may know it as an extra member. System columns go by their own names, such as updated_at.
Selection select_fields(const Kind& kind, std::span<const std::string_view> names,
                        std::vector<std::string_view>& unknown);

/// Appends the object of one record: id, its fields by number, its system columns, the extra members.
void write_record(std::string& out, const Kind& kind, const Uuid& id, std::string_view record,
                  const WriteOptions& options = {});
/// Appends the object of any other message, such as a business event's own.
void write_message(std::string& out, const Message& message, std::string_view bytes, const WriteOptions& options = {});

/// Appends a JSON string with its quotes.
void append_json_string(std::string& out, std::string_view text);

}  // namespace daybook::model
