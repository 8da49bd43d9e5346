#include "api/list_values.h"

#include "daybook/v1/contact.pb.h"
#include "domain/pipeline.h"
#include "domain/tag.h"
#include "domain/workspace.h"
#include "model/field_reader.h"
#include "model/text.h"
#include "model/time.h"
#include "model/wire.h"

namespace daybook::api {
namespace {

using projections::ListValue;
using projections::RangeFilter;
using projections::ValueFilter;

constexpr std::size_t kMostValues = 100;

Read<ListValue> read_field(const model::Field& field, std::string_view text, std::string_view currency) {
  std::string record;
  if (const auto problem = model::append_text(record, field, text, {true, currency})) {
    return std::unexpected(problem->detail);
  }
  model::WireField wire;
  model::WireReader(record).next(wire);
  return ListValue{std::string(wire.bytes), static_cast<std::int64_t>(wire.varint)};
}

// The words that a workspace's records may hold in the field; nothing where any text may stand.
std::vector<std::string> words_of(const model::Field& field, const domain::View& view) {
  const auto is = [&](const model::Kind& kind, std::uint32_t number) { return &field == kind.message->field(number); };
  if (is(domain::kind_of<v1::Contact>(), v1::Contact::kStatusFieldNumber)) {
    const auto settings = domain::settings_of(view);
    return {settings.contact_statuses().begin(), settings.contact_statuses().end()};
  }
  if (is(domain::kind_of<v1::Deal>(), v1::Deal::kStageFieldNumber)) return domain::stage_keys(view);
  return {};
}

Read<void> check_word(const model::Field& field, std::string_view text, const domain::View& view) {
  const auto words = words_of(field, view);
  std::string known;
  for (const std::string& word : words) {
    if (model::fold(word) == model::fold(text)) return {};
    known += (known.empty() ? "" : ", ") + word;
  }
  if (words.empty()) return {};
  return std::unexpected("There is no " + field.name + " " + std::string(text) + " in this workspace; there are " +
                         known + ".");
}

Read<void> add_value(const ListName& name, std::string_view text, const domain::View& view, ValueFilter& filter) {
  const model::Field& field = *name.field;
  if (name.use == ListName::Use::kTag) {
    if (const auto tag = domain::find_tag(text, view)) filter.values.push_back({std::string(tag->view())});
    return {};
  }
  if (field.type == model::FieldType::kId && !field.repeated && text == "none") {
    filter.or_unset = true;
    return {};
  }
  if (name.use == ListName::Use::kPipeline && text == "default") {
    if (const auto first = domain::first_pipeline(view)) filter.values.push_back({std::string(first->view())});
    return {};
  }
  if (auto known = check_word(field, text, view); !known) return known;
  const std::string lower = field.type == model::FieldType::kSlug ? model::fold(text) : std::string(text);
  auto value = read_field(field, lower, {});
  if (!value) return std::unexpected(value.error());
  if (field.type == model::FieldType::kBoolean && value->integer == 0) filter.or_unset = true;
  if (field.type == model::FieldType::kText && field.packed) value->bytes = model::fold(value->bytes);
  filter.values.push_back(std::move(*value));
  return {};
}

constexpr std::int64_t kDayUs = 24LL * 3600 * 1'000'000;

// What one text means: a moment, or a day from its first to its last microsecond.
struct Interval {
  ListValue first;
  ListValue last;
};

Read<Interval> read_time(const std::string& name, std::string_view text) {
  if (const auto date = model::parse_date(text)) {
    const std::int64_t start = model::days_from_civil(*date) * kDayUs;
    return Interval{{{}, start}, {{}, start + kDayUs - 1}};
  }
  if (const auto time = model::parse_time(text)) return Interval{{{}, *time}, {{}, *time}};
  return std::unexpected(name +
                         " must be an RFC 3339 time such as 2026-01-31T09:30:00Z, or a date such as 2026-01-31.");
}

Read<Interval> read_interval(const ListName& name, std::string_view text, std::string_view currency) {
  if (name.field == nullptr || name.field->type == model::FieldType::kTime) return read_time(name.name, text);
  const auto value = read_field(*name.field, text, currency);
  if (!value) return std::unexpected(value.error());
  return Interval{*value, *value};
}

bool is_text(const ListName& name) { return name.field != nullptr && name.field->is_bytes(); }

// The nearest value above: for texts the one that goes on with the lowest character, which no date does.
ListValue above(const ListName& name, ListValue value) {
  if (is_text(name)) {
    value.bytes += '\1';
  } else {
    ++value.integer;
  }
  return value;
}

ListValue below(const ListName& name, ListValue value) {
  if (!is_text(name)) {
    --value.integer;
    return value;
  }
  const auto date = model::parse_date(value.bytes);
  const bool first = !date || *date == model::CivilDate{1, 1, 1};
  value.bytes = first ? "" : model::format_date(model::civil_from_days(model::days_from_civil(*date) - 1));
  return value;
}

}  // namespace

std::vector<std::string_view> split_at_commas(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t comma = text.find(',');
    parts.push_back(text.substr(0, comma));
    if (comma == text.npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

Read<ValueFilter> read_values(const ListName& name, std::string_view text, const domain::View& view) {
  ValueFilter filter;
  filter.field = name.field;
  const auto parts = split_at_commas(text);
  if (parts.size() > kMostValues) return std::unexpected(name.name + " takes at most 100 values.");
  for (const std::string_view part : parts) {
    if (part.empty()) return std::unexpected(name.name + " has an empty value; leave the comma or the parameter out.");
    if (auto added = add_value(name, part, view, filter); !added) return std::unexpected(added.error());
  }
  return filter;
}

Read<RangeFilter> read_range(const ListName& name, std::string_view operation, std::string_view text,
                             std::string_view currency) {
  const auto interval = read_interval(name, text, currency);
  if (!interval) return std::unexpected(interval.error());
  RangeFilter range;
  range.column = name.column;
  if (operation.empty() || operation == "gte") range.least = interval->first;
  if (operation.empty() || operation == "lte") range.most = interval->last;
  if (operation == "gt") range.least = above(name, interval->last);
  if (operation == "lt") range.most = below(name, interval->first);
  return range;
}

}  // namespace daybook::api
