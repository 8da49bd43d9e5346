#include "model/json_writer.h"

#include <array>

#include "model/json_output.h"
#include "model/money.h"
#include "model/time.h"
#include "model/wire.h"

namespace daybook::model {
namespace {

constexpr std::uint64_t bit(std::uint32_t number) { return std::uint64_t{1} << number; }

bool is_shown(const Field& field) { return !field.internal && !field.secret; }

// The system columns stand in the record's own object.
bool is_meta(const Field& field) { return field.number == 1 && field.name == "meta"; }

// Where the values of each field stand in a message, in whatever order: opened events are two halves in a row.
class Values {
 public:
  explicit Values(std::string_view bytes) {
    WireReader reader(bytes);
    for (WireField field; reader.next(field);) {
      if (field.number >= places_.size()) continue;
      Place& place = places_[field.number];
      if (!has(field.number)) place.first = field.whole.data();
      place.end = field.whole.data() + field.whole.size();
      place.bytes = field.bytes.data();
      place.size = field.bytes.size();
      place.varint = field.varint;
      present_ |= bit(field.number);
    }
  }

  bool has(std::uint32_t number) const { return (present_ & bit(number)) != 0; }
  /// The last occurrence, which is the one that counts.
  WireField operator[](std::uint32_t number) const {
    const Place& place = places_[number];
    return {.number = number, .varint = place.varint, .bytes = {place.bytes, place.size}, .whole = {}};
  }
  /// From the first occurrence to the end of the last; others may stand between.
  std::string_view all(std::uint32_t number) const { return {places_[number].first, places_[number].end}; }

 private:
  struct Place {
    const char* first;
    const char* end;
    const char* bytes;
    std::size_t size;
    std::uint64_t varint;
  };

  std::uint64_t present_ = 0;
  std::array<Place, 64> places_;  // where present: left as it is elsewhere, for speed
};

class ObjectWriter {
 public:
  ObjectWriter(JsonOutput& out, const WriteOptions& options) : out_(out), options_(options) { out_.raw('{'); }

  void id(const Uuid& id) {
    name("id");
    out_.uuid(id.view());
  }

  // The members of a message in order of field number, its system columns, if it has any, behind them.
  void members(const Message& message, std::string_view bytes) {
    const Values values(bytes);
    const Field* meta = nullptr;
    for (const Field& field : message.fields) {
      if (is_meta(field)) {
        meta = &field;
      } else if (is_shown(field) && (options_.selection.fields & bit(field.number)) != 0) {
        name(field.name);
        member(message, field, values, replacement(field.number));
      }
    }
    if (meta != nullptr) system_columns(*meta->message, values.has(1) ? values[1].bytes : std::string_view());
  }

  void extra() {
    for (const ExtraMember& member : options_.extra) {
      name(member.name);
      out_.raw(member.json);
    }
  }

  void close() { out_.raw('}'); }

 private:
  void name(std::string_view text) {
    out_.name(text, first_);
    first_ = false;
  }

  void system_columns(const Message& meta, std::string_view bytes) {
    const Values values(bytes);
    for (const Field& field : meta.fields) {
      if (!is_shown(field) || (options_.selection.meta & bit(field.number)) == 0) continue;
      name(field.name);
      member(meta, field, values, nullptr);
    }
  }

  void member(const Message& message, const Field& field, const Values& values, const Replacement* replaced) {
    if (replaced != nullptr) {
      out_.raw(replaced->json);
    } else if (field.repeated) {
      list(field, values);
    } else if (values.has(field.number)) {
      value(message, field, values);
    } else {
      out_.raw("null");
    }
  }

  const Replacement* replacement(std::uint32_t number) const {
    for (const Replacement& candidate : options_.replacements) {
      if (candidate.number == number) return &candidate;
    }
    return nullptr;
  }

  void list(const Field& field, const Values& values) {
    out_.raw('[');
    bool first = true;
    WireReader reader(values.has(field.number) ? values.all(field.number) : std::string_view());
    for (WireField element; reader.next(element);) {
      if (element.number != field.number) continue;
      if (!first) out_.raw(',');
      first = false;
      scalar(field, element);
    }
    out_.raw(']');
  }

  void value(const Message& message, const Field& field, const Values& values) {
    if (field.type == FieldType::kMoney) {
      out_.string(format_money(static_cast<std::int64_t>(values[field.number].varint), digits(message, values)));
    } else {
      scalar(field, values[field.number]);
    }
  }

  int digits(const Message& message, const Values& values) const {
    std::string_view code = options_.currency;
    const Field* sibling = message.field("currency");
    if (sibling != nullptr && values.has(sibling->number)) code = values[sibling->number].bytes;
    return currency_digits(code).value_or(2);
  }

  void scalar(const Field& field, const WireField& wire) {
    switch (field.type) {
      case FieldType::kInteger:
        return out_.integer(static_cast<std::int64_t>(wire.varint));
      case FieldType::kBoolean:
        return out_.raw(wire.varint != 0 ? "true" : "false");
      case FieldType::kOption:
        return option(field, wire.varint);
      case FieldType::kId:
        return out_.uuid(wire.bytes);
      case FieldType::kTime:
        return out_.string(format_time(static_cast<std::int64_t>(wire.varint)));
      case FieldType::kBinary:
        return out_.base64(wire.bytes);
      case FieldType::kMessage:
        return object(*field.message, wire.bytes);
      default:
        return out_.string(wire.bytes);
    }
  }

  void object(const Message& message, std::string_view bytes) {
    const WriteOptions options{.currency = options_.currency};
    ObjectWriter nested(out_, options);
    nested.members(message, bytes);
    nested.close();
  }

  void option(const Field& field, std::uint64_t number) {
    if (number >= field.options.size() || field.options[number].empty()) {
      out_.raw("null");  // of a later version of the model
    } else {
      out_.string(field.options[number]);
    }
  }

  JsonOutput& out_;
  const WriteOptions& options_;
  bool first_ = true;
};

}  // namespace

void append_json_string(std::string& out, std::string_view text) { JsonOutput(out).string(text); }

void write_record(std::string& out, const Kind& kind, const Uuid& id, std::string_view record,
                  const WriteOptions& options) {
  JsonOutput output(out);
  ObjectWriter writer(output, options);
  writer.id(id);
  writer.members(*kind.message, record);
  writer.extra();
  writer.close();
}

void write_message(std::string& out, const Message& message, std::string_view bytes, const WriteOptions& options) {
  JsonOutput output(out);
  ObjectWriter writer(output, options);
  writer.members(message, bytes);
  writer.extra();
  writer.close();
}

Selection select_fields(const Kind& kind, std::span<const std::string_view> names,
                        std::vector<std::string_view>& unknown) {
  Selection selection{.fields = 0, .meta = 0};
  const Field* meta = kind.message->field("meta");
  for (const std::string_view name : names) {
    if (name == "id") continue;
    const Field* field = kind.message->field(name);
    const Field* column = meta == nullptr ? nullptr : meta->message->field(name);
    if (field != nullptr && is_shown(*field) && !is_meta(*field)) {
      selection.fields |= bit(field->number);
    } else if (column != nullptr && is_shown(*column)) {
      selection.meta |= bit(column->number);
    } else {
      unknown.push_back(name);
    }
  }
  return selection;
}

}  // namespace daybook::model
