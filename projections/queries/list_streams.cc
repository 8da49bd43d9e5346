#include "projections/queries/list_streams.h"

#include <algorithm>

#include "model/row_key.h"
#include "model/text.h"
#include "projections/derived_rows.h"
#include "projections/queries/list_order.h"

namespace daybook::projections {
namespace {

using model::Uuid;

constexpr std::size_t kMostSpellings = 1'000;
constexpr std::size_t kMostWordsAlike = 16;  // words beginning alike that are opened as one stream

std::uint64_t counted(const domain::RowReader& rows, const std::string& key) {
  const auto row = rows.get(key);
  return row ? static_cast<std::uint64_t>(std::max<model::Wide>(decode_counter(*row), 0)) : 0;
}

std::vector<std::string> postings(const model::Kind& kind, const ValueFilter& filter) {
  std::vector<std::string> prefixes;
  for (const ListValue& value : filter.values) {
    prefixes.push_back(model::posting_prefix(kind.number, filter.field->number,
                                             ordered_value(*filter.field, value.bytes, value.integer)));
  }
  return prefixes;
}

// Prefixes of the words that begin with `word`; nothing if they are too many to be opened.
std::optional<std::vector<std::string>> words_alike(const domain::RowReader& rows, const model::Kind& kind,
                                                    const std::string& word, ScanBudget& budget) {
  const std::string range = word_prefix(kind.number, word);
  const auto cursor = rows.cursor(range);
  std::vector<std::string> found;
  for (cursor->seek(range); cursor->valid();) {
    budget.spend(ScanBudget::kSeek);
    if (found.size() == kMostWordsAlike) return std::nullopt;
    const std::string_view key = cursor->key();
    found.emplace_back(key.substr(0, key.size() - sizeof(Uuid)));
    cursor->seek(domain::after_prefix(found.back()));
  }
  return found;
}

// Ids of the rows from `low` to `high`; nothing if they are more than `most`.
std::optional<std::vector<Uuid>> gather_range(const domain::RowReader& rows, const ListSection& section,
                                              std::size_t most) {
  const auto cursor = rows.cursor(section.prefix);
  std::vector<Uuid> ids;
  for (cursor->seek(section.low); cursor->valid() && cursor->key() < section.high; cursor->next()) {
    if (ids.size() == most) return std::nullopt;
    ids.push_back(model::id_at_end(cursor->key()));
  }
  return ids;
}

ListSection words_section(const model::Kind& kind, const std::string& word) {
  const std::string range = word_prefix(kind.number, word);
  return {range, range, domain::after_prefix(range), false};
}

// A filter on a case-folded text counts every spelling. Nothing if the field has too many values to look at.
std::optional<std::uint64_t> count_spellings(const domain::RowReader& rows, const model::Kind& kind,
                                             const ValueFilter& filter, bool every_value) {
  const std::string prefix = counter_key(kind.number, filter.field->number, {});
  std::uint64_t sum = 0;
  std::size_t values = 0;
  rows.scan(prefix, {}, [&](std::string_view key, std::string_view count) {
    if (key.size() == prefix.size()) return true;  // the count of presence
    if (++values > kMostSpellings) return false;
    const std::string_view text = key.substr(prefix.size(), key.size() - prefix.size() - 1);
    const bool wanted = every_value || std::any_of(filter.values.begin(), filter.values.end(),
                                                   [&](const ListValue& v) { return v.bytes == model::fold(text); });
    if (wanted) sum += static_cast<std::uint64_t>(std::max<model::Wide>(decode_counter(count), 0));
    return true;
  });
  if (values > kMostSpellings) return std::nullopt;
  return sum;
}

bool is_folded(const model::Field& field) { return field.packed && field.type == model::FieldType::kText; }

}  // namespace

std::uint64_t count_records(const domain::RowReader& rows, const model::Kind& kind) {
  return counted(rows, counter_key(kind.number, 0, {}));
}

std::optional<std::uint64_t> count_present(const domain::RowReader& rows, const model::Kind& kind,
                                           const model::Field& field) {
  if (counts_presence(field)) return counted(rows, counter_key(kind.number, field.number, {}));
  return count_spellings(rows, kind, {&field, {}, false}, true);
}

std::optional<std::uint64_t> count_matches(const domain::RowReader& rows, const model::Kind& kind,
                                           const ValueFilter& filter) {
  const model::Field& field = *filter.field;
  if (field.repeated && (filter.values.size() > 1 || filter.or_unset)) return std::nullopt;
  std::uint64_t count = 0;
  if (is_folded(field)) {
    const auto spelled = count_spellings(rows, kind, filter, false);
    if (!spelled) return std::nullopt;
    count = *spelled;
  } else {
    for (const ListValue& value : filter.values) {
      count += counted(rows, counter_key(kind.number, field.number, ordered_value(field, value.bytes, value.integer)));
    }
  }
  if (!filter.or_unset) return count;
  const std::uint64_t records = count_records(rows, kind);
  const auto present = count_present(rows, kind, field);
  if (!present) return std::nullopt;
  return count + records - std::min(records, *present);
}

ListStreams open_streams(const domain::RowReader& rows, const ListRequest& request, ScanBudget& budget) {
  ListStreams streams;
  streams.records = count_records(rows, *request.kind);
  for (const ValueFilter& filter : request.values) {
    if (!filter.field->facet || filter.or_unset) continue;
    streams.ids.add(std::make_unique<RowStream>(rows, postings(*request.kind, filter), request.descending));
    std::uint64_t count = 0;  // of overlapping values at most the sum
    for (const ListValue& value : filter.values) {
      count += count_matches(rows, *request.kind, {filter.field, {value}, false}).value_or(0);
    }
    streams.fewest = std::min(streams.fewest.value_or(count), count);
  }
  for (const std::string& word : request.words) {
    if (word.size() < 2) continue;  // seldom begins only a few words
    const auto words = words_alike(rows, *request.kind, word, budget);
    if (!words) continue;
    streams.ids.add(std::make_unique<RowStream>(rows, *words, request.descending));
    streams.leaps_pay = true;
  }
  return streams;
}

bool can_gather(const ListRequest& request) {
  const bool by_range = std::any_of(request.ranges.begin(), request.ranges.end(),
                                    [&](const RangeFilter& range) { return range.column != request.sort; });
  return by_range || !request.words.empty();
}

bool add_gathered(const domain::RowReader& rows, const ListRequest& request, ListStreams& streams) {
  bool added = false;
  const auto add = [&](const ListSection& section) {
    auto ids = gather_range(rows, section, request.limits.gather_ids);
    if (!ids) return;
    streams.fewest = std::min<std::uint64_t>(streams.fewest.value_or(ids->size()), ids->size());
    streams.ids.add(std::make_unique<GatheredStream>(std::move(*ids), request.descending));
    streams.leaps_pay = true;
    added = true;
  };
  for (const std::string& word : request.words) add(words_section(*request.kind, word));
  for (const RangeFilter& range : request.ranges) {
    if (range.column != request.sort) add(range_section(*request.kind, range.column, &range));
  }
  return added;
}

}  // namespace daybook::projections
