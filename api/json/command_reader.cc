#include "api/json/command_reader.h"

#include <boost/json/basic_parser_impl.hpp>
#include <cmath>

#include "api/json/object_builder.h"

namespace daybook::api {
namespace {

namespace json = boost::json;

constexpr std::size_t kDepth = 32;

// Hands what the parser meets to an ObjectBuilder, and refuses what JSON allows but a body must not hold.
class BodyHandler {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  BodyHandler(const model::Message& message, const ReadOptions& options, std::size_t size)
      : builder_(message, options, size) {}

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }

  bool on_object_begin(json::error_code&) {
    ++depth_;
    builder_.begin_object();
    return true;
  }
  bool on_object_end(std::size_t, json::error_code& ec) {
    --depth_;
    return builder_.end_object() || refuse("an object has the same key twice", ec);
  }
  bool on_array_begin(json::error_code& ec) {
    if (!inside(ec)) return false;
    ++depth_;
    builder_.begin_list();
    return true;
  }
  bool on_array_end(std::size_t, json::error_code&) {
    --depth_;
    builder_.end_list();
    return true;
  }

  bool on_key_part(json::string_view part, std::size_t, json::error_code&) { return add(part); }
  bool on_key(json::string_view rest, std::size_t, json::error_code& ec) {
    const std::string_view name = whole(rest);
    const bool passed = without_nul(name, ec) && (builder_.key(name) || refuse("an object has the same key twice", ec));
    parts_.clear();
    return passed;
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code&) { return add(part); }
  bool on_string(json::string_view rest, std::size_t, json::error_code& ec) {
    if (!inside(ec)) return false;
    const std::string_view text = whole(rest);
    if (!without_nul(text, ec)) return false;
    builder_.text(text);
    parts_.clear();
    return true;
  }

  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t value, json::string_view, json::error_code& ec) {
    if (!inside(ec)) return false;
    builder_.integer(value);
    return true;
  }
  bool on_uint64(std::uint64_t value, json::string_view, json::error_code& ec) {
    if (value > static_cast<std::uint64_t>(INT64_MAX)) return refuse("an integer is beyond 64 bits", ec);
    return on_int64(static_cast<std::int64_t>(value), {}, ec);
  }
  bool on_double(double value, json::string_view text, json::error_code& ec) {
    if (!inside(ec)) return false;
    if (!std::isfinite(value)) return refuse("a number is beyond what a double can hold", ec);
    const bool integer = text.find_first_of(".eE") == json::string_view::npos;
    if (integer && value != 0) return refuse("an integer is beyond 64 bits", ec);
    builder_.fraction(value);
    return true;
  }
  bool on_bool(bool value, json::error_code& ec) {
    if (!inside(ec)) return false;
    builder_.boolean(value);
    return true;
  }
  bool on_null(json::error_code& ec) {
    if (!inside(ec)) return false;
    builder_.null();
    return true;
  }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

  /// Why this handler stopped the parser; nothing if it did not.
  const char* refusal() const { return refusal_; }
  ObjectBuilder& builder() { return builder_; }

 private:
  bool refuse(const char* why, json::error_code& ec) {
    refusal_ = why;
    ec = json::make_error_code(json::error::syntax);
    return false;
  }
  bool inside(json::error_code& ec) { return depth_ > 0 || refuse("it is not an object", ec); }
  bool without_nul(std::string_view text, json::error_code& ec) {
    return text.find('\0') == text.npos || refuse("a text holds a NUL character", ec);
  }
  bool add(json::string_view part) {
    parts_.append(part.data(), part.size());
    return true;
  }
  std::string_view whole(json::string_view rest) {
    if (parts_.empty()) return {rest.data(), rest.size()};
    return parts_.append(rest.data(), rest.size());
  }

  ObjectBuilder builder_;
  std::string parts_;  // of a string that the parser hands over in pieces
  std::size_t depth_ = 0;
  const char* refusal_ = nullptr;
};

std::string reason(const json::error_code& ec) {
  if (ec == json::error::incomplete) return "it ends too early";
  if (ec == json::error::too_deep) return "it is nested deeper than " + std::to_string(kDepth) + " levels";
  if (ec == json::error::extra_data) return "something stands behind the object";
  return ec.message();
}

std::unexpected<domain::Rejection> malformed(std::size_t offset, const std::string& why) {
  return std::unexpected(domain::Rejection{
      "malformed_json", "The body must be one JSON object: at byte " + std::to_string(offset) + ", " + why + "."});
}

}  // namespace

domain::Result<CommandInput> read_object(const model::Message& message, std::string_view body,
                                         const ReadOptions& options, CommandInput* readable) {
  json::parse_options parse_options;
  parse_options.max_depth = kDepth;
  json::basic_parser<BodyHandler> parser(parse_options, message, options, body.size());
  json::error_code ec;
  const std::size_t read = parser.write_some(false, body.data(), body.size(), ec);
  if (!ec && read < body.size()) ec = json::make_error_code(json::error::extra_data);
  if (ec) {
    const char* refusal = parser.handler().refusal();
    return malformed(read, refusal != nullptr ? std::string(refusal) : reason(ec));
  }
  ObjectBuilder& builder = parser.handler().builder();
  auto refused = builder.refusal();
  CommandInput input = builder.take();
  if (!refused) return input;
  if (readable != nullptr) *readable = std::move(input);
  return std::unexpected(std::move(*refused));
}

}  // namespace daybook::api
