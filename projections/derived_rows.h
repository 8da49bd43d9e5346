#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/schema.h"
#include "model/uuid.h"
#include "model/wide.h"

namespace daybook::projections {

/// What is stored beside a record so that queries find it: pure functions from one record to its rows. The projector
/// computes them before and after a change and writes the difference. A new read model is one such function.
struct DerivedRows {
  std::map<std::string, std::string> rows;
  std::map<std::string, model::Wide> contributions;  // counters: what a live record adds to each
};

/// Bumped whenever these functions, or those of the fold, give other rows for the same events.
inline constexpr std::uint64_t kDerivedRowsVersion = 5;
/// Of that version and the schema with its field options: rows under another fingerprint are of another program, and
/// open_state makes them anew.
std::uint64_t rows_fingerprint();

/// List, sort and word rows, and counts of live records per facet value, from the field options of any kind; and the
/// rows that a kind has of its own (deal_rows.h, timeline_rows.h).
DerivedRows derive(const model::Kind& kind, const model::Uuid& id, std::string_view record);

/// `l` kind id → what filters test without the record (list_value).
std::string list_key(std::uint32_t kind, const model::Uuid& id);
std::string list_prefix(std::uint32_t kind);

/// What stands in list and sort rows, so that a scan in any order tests every filter on the row: whether the record is
/// deleted, and those of its fields for which `is_listed` holds. Presence fields stand in it as empty values.
std::string list_value(const model::Kind& kind, std::string_view record);
/// Packed, facet and sort fields. Free text stays out of it, personal as it is.
bool is_listed(const model::Field& field);
struct ListRow {
  bool deleted = false;
  std::string_view fields;  // sparse record
};
ListRow read_list_row(std::string_view value);

/// `s` kind field value id → list_value. updated_at stands under a number that no field of a kind but meta has.
inline constexpr std::uint32_t kUpdatedAtSort = 1;
std::string sort_prefix(std::uint32_t kind, std::uint32_t field);
std::string sort_key(std::uint32_t kind, std::uint32_t field, std::string_view value, const model::Uuid& id);
/// `s` kind field+128 id → list_value: the records without a value in a sort field, which come last in either
/// direction.
std::string unsorted_prefix(std::uint32_t kind, std::uint32_t field);
/// `w` kind word NUL id; without the NUL and id it is the prefix of all words that begin so. Longer words share the row
/// of their first 64 bytes and are told apart by the record.
std::string word_prefix(std::uint32_t kind, std::string_view word);
/// `c` kind field value → how many live records hold the value; field 0 and no value: live records of the kind; a field
/// that counts its presence and no value: those that have any.
std::string counter_key(std::uint32_t kind, std::uint32_t field, std::string_view value);
/// Presence fields and single references.
bool counts_presence(const model::Field& field);

/// How a field's value stands in posting, sort and counter keys.
/// `bytes` of fields kept as bytes, `integer` of the others.
std::string ordered_value(const model::Field& field, std::string_view bytes, std::int64_t integer);

std::string encode_counter(model::Wide value);
model::Wide decode_counter(std::string_view value);

}  // namespace daybook::projections
