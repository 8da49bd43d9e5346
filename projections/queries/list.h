#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/rows.h"
#include "model/schema.h"
#include "model/uuid.h"

namespace daybook::projections {

/// Lists of any kind of record: filtered, sorted and paged by keys. Pure reads; thread-safe as the rows are. Give rows
/// of one snapshot (StateStore::rows), so that one page shows one moment.

/// A value as it stands on the wire: `bytes` of fields kept as bytes, `integer` of the others.
struct ListValue {
  std::string bytes;
  std::int64_t integer = 0;
};

/// The field holds one of the values; or none at all, where `or_unset`. The field is one for which is_listed holds.
struct ValueFilter {
  const model::Field* field = nullptr;
  std::vector<ListValue> values;  // texts of packed fields case-folded (model::fold), so that case does not matter
  bool or_unset = false;
};

/// The field has a value, or has none. The field is a presence field or one for which is_listed holds.
struct PresenceFilter {
  const model::Field* field = nullptr;
  bool present = true;
};

/// What a list is sorted or bounded by: a time of the system columns, or a sort field of the kind.
struct ListColumn {
  enum class Of : std::uint8_t { kCreatedAt, kUpdatedAt, kField };
  Of of = Of::kCreatedAt;
  const model::Field* field = nullptr;  // of kField
  bool operator==(const ListColumn&) const = default;
};

/// Both bounds are inclusive; records without a value never match. A field is not personal (free text has no ranges).
struct RangeFilter {
  ListColumn column;
  std::optional<ListValue> least;
  std::optional<ListValue> most;
};

/// How much one page may cost. A unit is the time of one row read in order; a seek or a record is four.
struct ListLimits {
  std::size_t scan_units = 10'000;     // of a walk's first page; four times as many after each page cut short by it
  std::size_t gather_ids = 10'000;     // at most so many ids are gathered and sorted
  std::size_t trial_units = 2'000;     // scanned before ids are gathered whose number is not known
  std::size_t count_records = 10'000;  // a total is counted so far
};

struct ListRequest {
  const model::Kind* kind = nullptr;
  std::vector<ValueFilter> values;  // filters are joined by and
  std::vector<PresenceFilter> presences;
  std::vector<RangeFilter> ranges;
  std::vector<std::string> words;  // model::query_words: each must begin a word of the record
  bool include_deleted = false;
  ListColumn sort;  // ties go by id; records without a value come last in either direction
  bool descending = false;
  std::size_t limit = 50;
  std::string position;  // `next` of the page before; empty: from the start
  bool total = false;
  ListLimits limits;
};

struct ListTotal {
  std::uint64_t count = 0;
  bool exact = true;  // false: at least so many
};

struct ListPage {
  struct Item {
    model::Uuid id;
    std::string record;
  };
  std::vector<Item> items;
  /// Where the next page begins, for `position` of the same request. Nothing: this was the last one. A page may be
  /// short or empty and still not the last. It holds personal values of a record: seal it before it leaves
  /// (api/cursor.h).
  std::optional<std::string> next;
  std::optional<ListTotal> total;  // if asked for
  std::size_t units = 0;           // what the page cost
};

/// One page. A record that does not change during a walk appears exactly once. A walk over a filter that matches fewer
/// than 100 records ends within 10 pages of at least 50 at any size, because the scan budget grows with each page that
/// it cut short. Throws std::logic_error on a position that no page gave.
ListPage list(const domain::RowReader& rows, const ListRequest& request);

/// What a walk's pages have in common, as bytes: kind, filters and sort. A cursor is bound to it.
std::string identity(const ListRequest& request);

}  // namespace daybook::projections
