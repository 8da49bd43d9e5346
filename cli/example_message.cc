#include "cli/example_message.h"

#include <algorithm>

#include "model/wire.h"

namespace daybook::cli {
namespace {

using model::Field;
using model::FieldType;

constexpr std::int64_t kSomeTimeUs = 1'767'312'000'000'000;  // 2026-01-02T00:00:00Z
constexpr std::uint64_t kSomeMoney = 120'000;

std::string spaced(std::string name) {
  std::ranges::replace(name, '_', ' ');
  return name;
}

std::uint64_t first_option(const Field& field) {
  const auto option = std::ranges::find_if(field.options, [](const std::string& name) { return !name.empty(); });
  return static_cast<std::uint64_t>(option - field.options.begin());
}

std::optional<std::uint64_t> number_of(const Field& field) {
  switch (field.type) {
    case FieldType::kInteger:
      return static_cast<std::uint64_t>(std::max<std::int64_t>(field.min.value_or(1), 1));
    case FieldType::kBoolean:
      return 1;
    case FieldType::kOption:
      return first_option(field);
    case FieldType::kTime:
      return static_cast<std::uint64_t>(kSomeTimeUs);
    case FieldType::kMoney:
      return kSomeMoney;
    default:
      return std::nullopt;
  }
}

std::optional<std::string> text_of(const Field& field, const ExampleMessage& how) {
  switch (field.type) {
    case FieldType::kId: {
      const auto id = how.find(field.refers_to);
      return id ? std::optional(std::string(id->view())) : std::nullopt;
    }
    case FieldType::kDate:
      return "2026-01-02";
    case FieldType::kEmail:
      return "someone@example.com";
    case FieldType::kCurrency:
      return "EUR";
    case FieldType::kIp:
      return "192.0.2.1";
    case FieldType::kSlug:
      return "example";
    case FieldType::kTimezone:
      return "Europe/London";
    case FieldType::kUrl:
      return "https://example.com/";
    case FieldType::kBinary:
      return std::nullopt;
    case FieldType::kMessage:
      return example_message(*field.message, how);
    default:
      return std::string(how.word) + " " + spaced(field.name);
  }
}

}  // namespace

std::string example_message(const model::Message& message, const ExampleMessage& how) {
  std::string out;
  for (const Field& field : message.fields) {
    if (field.internal || field.secret || field.name == "meta" || !how.has(field)) continue;
    if (const auto number = number_of(field)) {
      model::append_varint_field(out, field.number, *number);
    } else if (const auto text = text_of(field, how)) {
      model::append_bytes_field(out, field.number, *text);
    }
  }
  return out;
}

}  // namespace daybook::cli
