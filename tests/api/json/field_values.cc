#include "tests/api/json/field_values.h"

namespace daybook::api {
namespace {

using model::Field;
using model::FieldType;
using model::SetBy;

std::string good_object(const model::Message& message) {
  std::string out;
  for (const Field& field : message.fields) {
    out += out.empty() ? "{\"" : ",\"";
    out += field.name + "\":" + good_value(field);
  }
  return out + "}";
}

// Plain, so that a JSON string of it is the text in quotes, but for texts.
std::string plain_text(const Field& field) {
  switch (field.type) {
    case FieldType::kInteger:
      return std::to_string(field.max.value_or(9007199254740993));
    case FieldType::kBoolean:
      return "true";
    case FieldType::kOption:
      return field.options[1];
    case FieldType::kId:
      return "01890a5d-ac96-774b-bcce-b302099a8058";
    case FieldType::kTime:
      return "2026-01-02T03:04:05.678901Z";
    case FieldType::kDate:
      return "2026-01-31";
    case FieldType::kEmail:
      return "Jane@Example.com";
    case FieldType::kMoney:
      return "12500.00";
    case FieldType::kCurrency:
      return "EUR";
    case FieldType::kIp:
      return "2001:db8::1";
    case FieldType::kSlug:
      return "a-slug_1";
    case FieldType::kTimezone:
      return "Europe/Berlin";
    case FieldType::kUrl:
      return "https://example.com/";
    default:
      return "";
  }
}

std::string good_scalar(const Field& field) {
  switch (field.type) {
    case FieldType::kText:
      return "\"Grüße \\\"\\\\\"";
    case FieldType::kInteger:
    case FieldType::kBoolean:
      return plain_text(field);
    case FieldType::kBinary:
      return "null";
    case FieldType::kMessage:
      return good_object(*field.message);
    default:
      return "\"" + plain_text(field) + "\"";
  }
}

}  // namespace

std::string good_text(const Field& field) { return field.type == FieldType::kText ? "Grüße \"\\" : plain_text(field); }

std::string good_value(const Field& field) {
  return field.repeated ? "[" + good_scalar(field) + "," + good_scalar(field) + "]" : good_scalar(field);
}

std::string bad_value(const Field& field) {
  std::string bad = "{}";
  if (field.type == FieldType::kText) bad = "\"" + std::string(70000, 'x') + "\"";
  if (field.type == FieldType::kEmail || field.type == FieldType::kMessage) bad = "\"nobody\"";
  return field.repeated ? "[" + bad + "]" : bad;
}

std::string bad_code(const Field& field) {
  if (field.type == FieldType::kText) return "too_long";
  return field.type == FieldType::kEmail ? "invalid_email" : "invalid_value";
}

bool is_given_by_clients(const Field& field) {
  return !field.internal && !field.secret && field.name != "meta" && field.set_by != SetBy::kFold;
}

}  // namespace daybook::api
