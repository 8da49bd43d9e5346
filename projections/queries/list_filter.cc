#include "projections/queries/list_filter.h"

#include <algorithm>
#include <stdexcept>

#include "domain/store.h"
#include "model/text.h"
#include "model/wire.h"
#include "projections/derived_rows.h"
#include "projections/queries/word_match.h"

namespace daybook::projections {
namespace {

std::int64_t integer(const model::WireField& wire) { return static_cast<std::int64_t>(wire.varint); }

bool is_one_of(const model::Field& field, const model::WireField& wire, const std::vector<ListValue>& values) {
  if (!field.is_bytes()) {
    return std::any_of(values.begin(), values.end(), [&](const ListValue& v) { return v.integer == integer(wire); });
  }
  const bool folds = field.packed && field.type == model::FieldType::kText;
  const std::string folded = folds ? model::fold(wire.bytes) : std::string();
  const std::string_view held = folds ? std::string_view(folded) : wire.bytes;
  return std::any_of(values.begin(), values.end(), [&](const ListValue& v) { return v.bytes == held; });
}

bool is_within(const RangeFilter& range, std::int64_t value) {
  return (!range.least || value >= range.least->integer) && (!range.most || value <= range.most->integer);
}

bool is_within(const RangeFilter& range, const model::WireField& wire) {
  if (!range.column.field->is_bytes()) return is_within(range, integer(wire));
  return (!range.least || wire.bytes >= range.least->bytes) && (!range.most || wire.bytes <= range.most->bytes);
}

constexpr std::size_t kMostWords = 63;  // bits of a mask
constexpr std::size_t kMostTests = 63;

}  // namespace

std::int64_t floor_ms(std::int64_t time_us) { return time_us >= 0 ? time_us / 1000 : -((999 - time_us) / 1000); }

std::int64_t time_of_id_ms(const model::Uuid& id) {
  std::int64_t time = 0;
  for (std::size_t i = 0; i < 6; ++i) time = time << 8 | id.bytes[i];
  return time;
}

ListFilter::ListFilter(const ListRequest& request) : request_(request) {
  if (request.words.size() > kMostWords) throw std::logic_error("a list takes at most 63 words");
  for (const ValueFilter& filter : request.values) add({filter.field, &filter, nullptr, false, filter.or_unset});
  for (const PresenceFilter& filter : request.presences) {
    add({filter.field, nullptr, nullptr, filter.present, !filter.present});
  }
  for (const RangeFilter& range : request.ranges) {
    if (range.column.of == ListColumn::Of::kCreatedAt) {
      created_.push_back(&range);
    } else if (range.column.of == ListColumn::Of::kUpdatedAt) {
      updated_.push_back(&range);
    } else {
      add({range.column.field, nullptr, &range, false, false});
    }
  }
  needs_record_ = !created_.empty() || !updated_.empty() || !request.words.empty();
}

void ListFilter::add(Test test) {
  const bool by_presence = test.values == nullptr && test.range == nullptr && test.field->presence;
  if (!is_listed(*test.field) && !by_presence) {
    throw std::logic_error(test.field->name +
                           " does not stand in list rows; give it an option of proto/daybook/options.proto");
  }
  if (tests_.size() == kMostTests) throw std::logic_error("a list takes at most 63 filters");
  tests_.push_back(test);
}

bool ListFilter::matches_nothing() const {
  return std::any_of(request_.values.begin(), request_.values.end(),
                     [](const ValueFilter& filter) { return filter.values.empty() && !filter.or_unset; });
}

bool ListFilter::row_matches(const model::Uuid& id, std::string_view value) const {
  const ListRow row = read_list_row(value);
  if (row.deleted && !request_.include_deleted) return false;
  const std::int64_t created_ms = time_of_id_ms(id);
  for (const RangeFilter* range : created_) {
    if (range->least && created_ms < floor_ms(range->least->integer)) return false;
    if (range->most && created_ms > floor_ms(range->most->integer)) return false;
  }
  return tests_.empty() || fields_match(row.fields);
}

bool ListFilter::fields_match(std::string_view fields) const {
  std::uint64_t seen = 0;  // by field number, which is below 64
  std::uint64_t passed = 0;
  model::WireReader reader(fields);
  for (model::WireField wire; reader.next(wire);) {
    seen |= 1ULL << wire.number;
    for (std::size_t i = 0; i < tests_.size(); ++i) {
      const Test& test = tests_[i];
      if (test.field->number != wire.number) continue;
      if (test.set_matches || (test.values != nullptr && is_one_of(*test.field, wire, test.values->values)) ||
          (test.range != nullptr && is_within(*test.range, wire))) {
        passed |= 1ULL << i;
      }
    }
  }
  for (std::size_t i = 0; i < tests_.size(); ++i) {
    const bool set = (seen >> tests_[i].field->number & 1) != 0;
    if (set ? (passed >> i & 1) == 0 : !tests_[i].unset_matches) return false;
  }
  return true;
}

bool ListFilter::record_matches(const model::Uuid& id, std::string_view record) const {
  if (!row_matches(id, list_value(*request_.kind, record))) return false;
  if (!created_.empty() || !updated_.empty()) {
    const v1::Meta meta = domain::meta_of(record);
    for (const RangeFilter* range : created_) {
      if (!is_within(*range, meta.created_at())) return false;
    }
    for (const RangeFilter* range : updated_) {
      if (!is_within(*range, meta.updated_at())) return false;
    }
  }
  return request_.words.empty() || words_begin(*request_.kind, record, request_.words);
}

}  // namespace daybook::projections
