#include "projections/derived_rows.h"

#include <cstring>
#include <set>

#include "domain/store.h"
#include "model/row_key.h"
#include "model/text.h"
#include "model/wire.h"
#include "projections/deal_rows.h"
#include "projections/timeline_rows.h"

namespace daybook::projections {
namespace {

constexpr char kDeletedFlag = 1;

std::string start(model::RowType type, std::uint32_t kind) {
  std::string key;
  key += static_cast<char>(type);
  key += static_cast<char>(kind);
  return key;
}

void add_words(const model::Kind& kind, const model::Uuid& id, std::string_view record, DerivedRows& out) {
  std::set<std::string> words;
  model::WireReader reader(record);
  for (model::WireField wire; reader.next(wire);) {
    const model::Field* field = kind.message->field(wire.number);
    if (field == nullptr || !field->word) continue;
    for (std::string& word : model::search_words(wire.bytes)) words.insert(std::move(word));
  }
  for (const std::string& word : words) {
    out.rows.emplace(word_prefix(kind.number, word).append(1, '\0').append(id.view()), "");
  }
}

// Sort rows and counters of one field that has a value.
void add_field(const model::Kind& kind, const model::Uuid& id, const model::Field& field, const model::WireField& wire,
               const std::string& list, DerivedRows& out) {
  const std::string value = ordered_value(field, wire.bytes, static_cast<std::int64_t>(wire.varint));
  if (field.sort) out.rows.emplace(sort_key(kind.number, field.number, value, id), list);
  if (read_list_row(list).deleted) return;
  if (field.facet || field.packed) ++out.contributions[counter_key(kind.number, field.number, value)];
  if (counts_presence(field)) ++out.contributions[counter_key(kind.number, field.number, {})];
}

void add_fields(const model::Kind& kind, const model::Uuid& id, std::string_view record, const std::string& list,
                DerivedRows& out) {
  std::uint64_t present = 0;  // field numbers are below 64
  model::WireReader reader(record);
  for (model::WireField wire; reader.next(wire);) {
    const model::Field* field = kind.message->field(wire.number);
    if (field == nullptr) continue;
    present |= 1ULL << wire.number;
    if (field->sort || field->facet || field->packed || field->presence) add_field(kind, id, *field, wire, list, out);
  }
  for (const model::Field& field : kind.message->fields) {
    if (!field.sort || (present >> field.number & 1) != 0) continue;
    out.rows.emplace(unsorted_prefix(kind.number, field.number).append(id.view()), list);
  }
}

}  // namespace

std::uint64_t rows_fingerprint() {
  constexpr std::uint64_t kSpread = 0x9e3779b97f4a7c15ULL;  // so that no two small versions cancel each other out
  return model::schema().fingerprint() ^ (kDerivedRowsVersion * kSpread);
}

DerivedRows derive(const model::Kind& kind, const model::Uuid& id, std::string_view record) {
  DerivedRows out;
  const v1::Meta meta = domain::meta_of(record);
  const std::string list = list_value(kind, record);
  out.rows.emplace(list_key(kind.number, id), list);
  out.rows.emplace(sort_key(kind.number, kUpdatedAtSort, model::ordered_integer(meta.updated_at()), id), list);
  add_fields(kind, id, record, list, out);
  add_words(kind, id, record, out);
  if (!meta.has_deleted_at()) ++out.contributions[counter_key(kind.number, 0, {})];
  add_deal_rows(kind, id, record, out);
  add_timeline_rows(kind, id, record, out);
  return out;
}

std::string list_prefix(std::uint32_t kind) { return start(model::RowType::kList, kind); }

std::string list_key(std::uint32_t kind, const model::Uuid& id) { return list_prefix(kind).append(id.view()); }

bool is_listed(const model::Field& field) {
  return field.packed || (!field.personal && !field.secret && (field.facet || field.sort));
}

bool counts_presence(const model::Field& field) {
  return field.presence || (field.facet && field.refers_to != 0 && !field.repeated);
}

std::string list_value(const model::Kind& kind, std::string_view record) {
  std::string value(1, domain::is_deleted(record) ? kDeletedFlag : '\0');
  model::WireReader reader(record);
  for (model::WireField wire; reader.next(wire);) {
    const model::Field* field = kind.message->field(wire.number);
    if (field == nullptr) continue;
    if (is_listed(*field)) {
      value += wire.whole;
    } else if (field->presence) {
      model::append_bytes_field(value, wire.number, {});
    }
  }
  return value;
}

ListRow read_list_row(std::string_view value) {
  if (value.empty()) return {};
  return {value.front() == kDeletedFlag, value.substr(1)};
}

std::string sort_prefix(std::uint32_t kind, std::uint32_t field) {
  std::string key = start(model::RowType::kSort, kind);
  key += static_cast<char>(field);
  return key;
}

std::string sort_key(std::uint32_t kind, std::uint32_t field, std::string_view value, const model::Uuid& id) {
  return sort_prefix(kind, field).append(value).append(id.view());
}

std::string unsorted_prefix(std::uint32_t kind, std::uint32_t field) {
  constexpr std::uint32_t kUnset = 128;  // beyond every field and every row family of a kind's own
  return sort_prefix(kind, field + kUnset);
}

std::string word_prefix(std::uint32_t kind, std::string_view word) {
  constexpr std::size_t kLongest = 64;  // bytes of a word that are indexed
  return start(model::RowType::kWord, kind).append(word.substr(0, kLongest));
}

std::string counter_key(std::uint32_t kind, std::uint32_t field, std::string_view value) {
  std::string key = start(model::RowType::kCounter, kind);
  key += static_cast<char>(field);
  return key.append(value);
}

std::string ordered_value(const model::Field& field, std::string_view bytes, std::int64_t integer) {
  if (field.type == model::FieldType::kId) return std::string(bytes);
  return field.is_bytes() ? model::ordered_text(bytes) : model::ordered_integer(integer);
}

std::string encode_counter(model::Wide value) {
  std::string out(sizeof value, '\0');
  std::memcpy(out.data(), &value, sizeof value);
  return out;
}

model::Wide decode_counter(std::string_view value) {
  model::Wide out = 0;
  if (value.size() == sizeof out) std::memcpy(&out, value.data(), sizeof out);
  return out;
}

}  // namespace daybook::projections
