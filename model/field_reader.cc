#include "model/field_reader.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "model/money.h"
#include "model/text.h"
#include "model/time.h"
#include "model/uuid.h"
#include "model/wire.h"

namespace daybook::model {
namespace {

constexpr std::int64_t kDefaultTextLimit = 4096;

using Problem = std::optional<FieldProblem>;

Problem invalid(const Field& field, std::string_view what) {
  return FieldProblem{"invalid_value", field.name + " " + std::string(what)};
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

bool is_slug(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; });
}

bool is_ip(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return inet_pton(AF_INET, text.c_str(), address.data()) == 1 ||
         inet_pton(AF_INET6, text.c_str(), address.data()) == 1;
}

bool is_url(std::string_view text) {
  const std::string scheme = lower(text.substr(0, 8));
  const std::size_t start = scheme == "https://" ? 8 : scheme.starts_with("http://") ? 7 : 0;
  if (start == 0) return false;
  const std::string_view host = text.substr(start, text.substr(start).find_first_of("/?#"));
  const bool clean = std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || c == '"' || c == '<' || c == '>' || c == '\\';
  });
  return clean && !host.empty() && host.front() != ':' && host.front() != '@';
}

// Names and titles are of one line: a line break in them would end a header somewhere.
constexpr std::int64_t kOneLineLimit = 500;

// C0, DEL and C1, the last as they stand in UTF-8.
bool has_control_character(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x20 || c == 0x7F) return true;
    if (c == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0) return true;
  }
  return false;
}

// The rules that every kept text obeys.
Problem check_characters(const Field& field, std::string_view text) {
  if (text.find('\0') != text.npos) return invalid(field, "must not hold a NUL character; leave it out.");
  if (!is_valid_utf8(text)) return invalid(field, "must be UTF-8; it holds bytes of another encoding.");
  const auto limit = static_cast<std::size_t>(field.max.value_or(kDefaultTextLimit));
  if (field.max.value_or(kDefaultTextLimit) <= kOneLineLimit && has_control_character(text)) {
    return invalid(field, "must be of one line, without control characters; leave them out.");
  }
  if (text.size() <= limit) return std::nullopt;
  const std::size_t size = code_points(text);
  if (size <= limit) return std::nullopt;
  return FieldProblem{"too_long", field.name + " must be at most " + std::to_string(limit) +
                                      " characters long; it has " + std::to_string(size) + "."};
}

// Whether a text of a type with a form of its own has that form.
bool has_form(FieldType type, std::string_view text) {
  switch (type) {
    case FieldType::kDate:
      return parse_date(text).has_value();
    case FieldType::kEmail:
      return is_email(text);
    case FieldType::kCurrency:
      return currency_digits(text).has_value();
    case FieldType::kIp:
      return is_ip(std::string(text));
    case FieldType::kSlug:
      return is_slug(text);
    case FieldType::kTimezone:
      return is_time_zone(text);
    case FieldType::kUrl:
      return is_url(text);
    default:
      return true;
  }
}

Problem append_kept_text(std::string& out, const Field& field, std::string_view text) {
  const bool email = field.type == FieldType::kEmail;  // its own limit makes it invalid rather than too long
  if (email) text = trim(text);
  if (!email) {
    if (auto problem = check_characters(field, text)) return problem;
  }
  if (!has_form(field.type, text)) return not_expected(field);
  append_bytes_field(out, field.number, text);
  return std::nullopt;
}

Problem append_option(std::string& out, const Field& field, std::string_view name) {
  for (std::size_t number = 1; number < field.options.size(); ++number) {
    if (field.options[number] != name || name.empty()) continue;
    append_varint_field(out, field.number, number);
    return std::nullopt;
  }
  return not_expected(field);
}

Problem append_money(std::string& out, const Field& field, std::string_view text, const ValueForm& form) {
  const auto digits = currency_digits(form.currency);
  if (!digits) return invalid(field, "needs a currency; give one in the field currency.");
  const auto value = form.lenient ? parse_money_padded(text, *digits) : parse_money(text, *digits);
  if (!value) {
    return invalid(field, "must be a string such as \"" + format_money(1'250'000, *digits) +
                              "\": " + std::string(form.currency) + " has " + std::to_string(*digits) +
                              " digits after the point, and at most 10^15 minor units.");
  }
  return append_integer(out, field, *value);
}

Problem append_number(std::string& out, const Field& field, std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return not_expected(field);
  return append_integer(out, field, value);
}

Problem append_truth(std::string& out, const Field& field, std::string_view text, bool lenient) {
  const std::string word = lenient ? lower(text) : std::string(text);
  if (word == "true" || (lenient && (word == "yes" || word == "1"))) return append_boolean(out, field, true);
  if (word == "false" || (lenient && (word == "no" || word == "0"))) return append_boolean(out, field, false);
  return not_expected(field);
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return out;
}

std::string bounds(const Field& field) {
  const std::string low = field.min ? std::to_string(*field.min) : "";
  const std::string high = field.max ? std::to_string(*field.max) : "";
  if (field.min && field.max) return " between " + low + " and " + high;
  if (field.min) return " of at least " + low;
  return field.max ? " of at most " + high : "";
}

std::string option_list(const Field& field) {
  std::string list;
  for (const std::string& name : field.options) {
    if (name.empty()) continue;
    if (!list.empty()) list += ", ";
    list += name;
  }
  return list;
}

}  // namespace

std::optional<FieldProblem> append_text(std::string& out, const Field& field, std::string_view text,
                                        const ValueForm& form) {
  if (form.lenient && field.type != FieldType::kText) text = trim(text);
  if (trim(text).empty()) return invalid(field, "must not be empty.");
  switch (field.type) {
    case FieldType::kInteger:
      return append_number(out, field, text);
    case FieldType::kBoolean:
      return append_truth(out, field, text, form.lenient);
    case FieldType::kOption:
      return append_option(out, field, form.lenient ? lower(text) : text);
    case FieldType::kMoney:
      return append_money(out, field, text, form);
    case FieldType::kCurrency:
      return append_kept_text(out, field, form.lenient ? upper(text) : text);
    case FieldType::kTime:
      if (const auto time = parse_time(text)) return append_integer(out, field, *time);
      return not_expected(field);
    case FieldType::kId:
      if (const auto id = Uuid::parse(text)) {
        append_bytes_field(out, field.number, id->view());
        return std::nullopt;
      }
      return not_expected(field);
    case FieldType::kBinary:
    case FieldType::kMessage:
      return not_expected(field);
    default:
      return append_kept_text(out, field, text);
  }
}

std::optional<FieldProblem> append_integer(std::string& out, const Field& field, std::int64_t value) {
  const bool number = field.type == FieldType::kInteger || field.type == FieldType::kMoney;
  if (!number && field.type != FieldType::kTime) return not_expected(field);
  if (number && ((field.min && value < *field.min) || (field.max && value > *field.max))) {
    if (field.type == FieldType::kInteger) return not_expected(field);
    return invalid(field, "is out of range: it must be " + std::string(field.min == 0 ? "zero or more" : "smaller") +
                              ", and at most 10^15 minor units.");
  }
  append_varint_field(out, field.number, static_cast<std::uint64_t>(value));
  return std::nullopt;
}

std::optional<FieldProblem> append_boolean(std::string& out, const Field& field, bool value) {
  if (field.type != FieldType::kBoolean) return not_expected(field);
  append_varint_field(out, field.number, value ? 1 : 0);
  return std::nullopt;
}

std::string expectation(const Field& field) {
  switch (field.type) {
    case FieldType::kText:
      return "a text";
    case FieldType::kInteger:
      return "a whole number" + bounds(field);
    case FieldType::kBoolean:
      return "true or false";
    case FieldType::kOption:
      return "one of " + option_list(field);
    case FieldType::kId:
      return "an id: a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057";
    case FieldType::kTime:
      return "an RFC 3339 time such as 2026-01-31T09:30:00Z, with at most six digits of a fraction";
    case FieldType::kDate:
      return "a date that exists, such as 2026-01-31";
    case FieldType::kEmail:
      return "an e-mail address such as jane@example.com, of at most 254 bytes";
    case FieldType::kMoney:
      return "a string such as \"12500.00\"";
    case FieldType::kCurrency:
      return "an ISO 4217 code such as EUR";
    case FieldType::kIp:
      return "an IPv4 or IPv6 address";
    case FieldType::kSlug:
      return "of lower-case letters, digits, hyphens and underscores";
    case FieldType::kTimezone:
      return "an IANA time zone such as Europe/Berlin";
    case FieldType::kUrl:
      return "an http or https address such as https://example.com";
    case FieldType::kBinary:
      return "left out: only Daybook writes it";
    case FieldType::kMessage:
      return "an object";
  }
  return "a value";
}

FieldProblem not_expected(const Field& field) {
  return {field.type == FieldType::kEmail ? "invalid_email" : "invalid_value",
          field.name + " must be " + expectation(field) + "."};
}

}  // namespace daybook::model
