#include "api/json/import_options.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "domain/import/cell_text.h"
#include "model/money.h"

namespace daybook::api {
namespace {

namespace json = boost::json;

constexpr std::size_t kOptionsBytes = 65536;

std::string pointer(std::string_view parent, std::string_view name) {
  return std::string(parent) + "/" + domain::pointer_token(name);
}

domain::Result<json::object> parse_object(std::string_view text) {
  boost::system::error_code error;
  json::value value = json::parse(json::string_view(text.data(), text.size()), error);
  if (error) return domain::reject("malformed_json", "The options are not JSON: " + error.message() + ".");
  if (!value.is_object()) return domain::reject("malformed_json", "The options are one JSON object.");
  return std::move(value.as_object());
}

// Reads the options into `options` and gathers what is wrong with them.
class OptionsReader {
 public:
  domain::Result<domain::ImportOptions> read(const json::object& object) {
    for (const auto& [key, value] : object) member(key, value);
    if (!errors_.empty()) return domain::invalid(std::move(errors_));
    return std::move(options_);
  }

 private:
  void member(std::string_view name, const json::value& value) {
    const std::string at = pointer("", name);
    if (name == "columns") {
      texts(at, value, options_.columns);
    } else if (name == "defaults") {
      texts(at, value, options_.defaults);
    } else if (name == "stages") {
      texts(at, value, options_.values["stage"]);
    } else if (name == "values") {
      values(at, value);
    } else if (name == "match_company") {
      truth(at, value, options_.match_company);
    } else if (name == "notify") {
      truth(at, value, options_.notify);
    } else if (name == "mark_subscribed") {
      truth(at, value, options_.mark_subscribed);
    } else {
      word(at, name, value);
    }
  }

  void word(const std::string& at, std::string_view name, const json::value& value) {
    if (name != "date_order" && name != "number_format" && name != "profile" && name != "currency") {
      return error(at, "unknown_field", "There is no such option.");
    }
    if (value.is_null()) return;
    const std::string_view text = value.is_string() ? std::string_view(value.as_string()) : std::string_view();
    if (name == "date_order") {
      options_.date_order = domain::date_order_named(text);
      if (!options_.date_order) error(at, "invalid_value", "date_order is iso, day_first or month_first.");
    } else if (name == "number_format") {
      options_.number_format = domain::number_format_named(text);
      if (!options_.number_format) error(at, "invalid_value", "number_format is point or comma.");
    } else if (name == "profile") {
      const auto profile = domain::import_profile_named(text);
      if (!profile) return error(at, "invalid_value", "profile is auto, name_and_email, names or email.");
      options_.profile = *profile;
    } else {
      options_.currency = std::string(text);
      if (!model::currency_digits(text)) error(at, "invalid_value", "currency is an ISO 4217 code, such as EUR.");
    }
  }

  void values(const std::string& at, const json::value& value) {
    if (!value.is_object()) return error(at, "invalid_value", "values holds an object for each field.");
    for (const auto& [field, of_field] : value.as_object()) {
      texts(pointer(at, std::string_view(field)), of_field, options_.values[std::string(field)]);
    }
  }

  void texts(const std::string& at, const json::value& value, domain::FieldTexts& out) {
    if (!value.is_object()) return error(at, "invalid_value", "This option is an object of texts.");
    for (const auto& [key, text] : value.as_object()) {
      if (text.is_string()) {
        out[std::string(key)] = std::string(text.as_string());
      } else if (text.is_null()) {
        out[std::string(key)] = "";
      } else if (text.is_int64() || text.is_uint64()) {
        out[std::string(key)] = json::serialize(text);
      } else {
        error(pointer(at, std::string_view(key)), "invalid_value", "This is a text.");
      }
    }
  }

  void truth(const std::string& at, const json::value& value, bool& out) {
    if (!value.is_bool()) return error(at, "invalid_value", "This is true or false.");
    out = value.as_bool();
  }

  void error(const std::string& at, std::string code, std::string detail) {
    if (errors_.size() < domain::kErrorLimit) errors_.push_back({at, std::move(code), std::move(detail)});
  }

  domain::ImportOptions options_;
  std::vector<domain::FieldError> errors_;
};

json::object object_of(const domain::FieldTexts& texts) {
  json::object object;
  for (const auto& [name, text] : texts) object[name] = text;
  return object;
}

}  // namespace

domain::Result<domain::ImportOptions> parse_import_options(std::string_view text) {
  if (text.empty()) return domain::ImportOptions{};
  if (text.size() > kOptionsBytes) return domain::reject("too_large", "The options take more than 64 KiB.");
  const auto object = parse_object(text);
  if (!object) return std::unexpected(object.error());
  return OptionsReader().read(*object);
}

domain::Result<std::string> options_in_body(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return std::unexpected(object.error());
  for (const auto& [key, value] : *object) {
    if (key != "options") return domain::invalid("/" + std::string(key), "unknown_field", "Only options can be set.");
  }
  const json::value* options = object->if_contains("options");
  return options == nullptr || options->is_null() ? std::string("{}") : json::serialize(*options);
}

std::string write_import_options(const domain::ImportOptions& options) {
  json::object object;
  object["columns"] = object_of(options.columns);
  json::object values;
  for (const auto& [field, texts] : options.values) values[field] = object_of(texts);
  object["values"] = std::move(values);
  object["defaults"] = object_of(options.defaults);
  if (options.date_order) object["date_order"] = std::string(domain::name_of(*options.date_order));
  if (options.number_format) object["number_format"] = std::string(domain::name_of(*options.number_format));
  if (!options.currency.empty()) object["currency"] = options.currency;
  object["profile"] = std::string(domain::name_of(options.profile));
  object["match_company"] = options.match_company;
  object["notify"] = options.notify;
  object["mark_subscribed"] = options.mark_subscribed;
  return json::serialize(object);
}

}  // namespace daybook::api
