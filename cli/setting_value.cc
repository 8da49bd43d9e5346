#include "cli/setting_value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>

#include "model/text.h"

namespace daybook::cli {
namespace {

struct ByteUnit {
  std::string_view name;
  unsigned shift;
};
constexpr std::array kByteUnits{ByteUnit{"KiB", 10}, ByteUnit{"MiB", 20}, ByteUnit{"GiB", 30}, ByteUnit{"TiB", 40}};

// A whole number, or with a unit where bytes are meant.
std::optional<std::uint64_t> number_of(std::string_view text, bool are_bytes) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (unit.empty()) return number;
  const auto found = std::ranges::find(kByteUnits, unit, &ByteUnit::name);
  if (!are_bytes || found == kByteUnits.end() || number > (UINT64_MAX >> found->shift)) return std::nullopt;
  return number << found->shift;
}

std::string bytes_text(std::uint64_t bytes) {
  for (auto unit = kByteUnits.rbegin(); unit != kByteUnits.rend(); ++unit) {
    if (bytes >> unit->shift << unit->shift == bytes && bytes != 0) {
      return std::to_string(bytes >> unit->shift) + std::string(unit->name);
    }
  }
  return std::to_string(bytes);
}

// The first line of the file that `@FILE` names.
std::optional<std::string> first_line(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  if (!std::getline(in, line)) return std::nullopt;
  return line;
}

}  // namespace

std::string Setting::flag() const {
  std::string out = "--" + std::string(name);
  std::ranges::replace(out, '_', '-');
  return out;
}

std::string Setting::variable() const {
  std::string out = "DAYBOOK_";
  for (const char c : name) out += static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  return out;
}

std::string_view Setting::placeholder() const {
  switch (type) {
    case Type::kFile:
      return "FILE";
    case Type::kUrl:
      return "URL";
    case Type::kMail:
      return "ADDRESS";
    case Type::kAddress:
      return "HOST:PORT";
    case Type::kChoice:
      return "NAME";
    case Type::kNumber:
      return "NUMBER";
    case Type::kBytes:
      return "BYTES";
    case Type::kSwitch:
      return "";
    case Type::kText:
      break;
  }
  return "TEXT";
}

std::string Setting::takes() const {
  switch (type) {
    case Type::kFile:
      return "a file that is there";
    case Type::kUrl:
      return "an http:// or https:// URL";
    case Type::kMail:
      return "an e-mail address such as daybook@example.com";
    case Type::kAddress:
      return "HOST:PORT, such as 127.0.0.1:7400";
    case Type::kNumber:
      return "a number from " + std::to_string(least) + " to " + std::to_string(most);
    case Type::kBytes:
      return "bytes from " + bytes_text(least) + " to " + bytes_text(most) + ", such as " + std::string(fallback);
    case Type::kSwitch:
      return "true or false";
    case Type::kText:
      return "text";
    case Type::kChoice:
      break;
  }
  std::string out;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    out += (i == 0 ? "" : i + 1 == choices.size() ? " or " : ", ") + std::string(choices[i]);
  }
  return out;
}

std::expected<SettingValue, std::string> read_setting(const Setting& setting, const std::string& text) {
  using Type = Setting::Type;
  const auto refused = [&] { return std::unexpected("give " + setting.takes()); };
  SettingValue value{text, 0};
  if (setting.is_secret && text.starts_with('@')) {
    auto secret = first_line(text.substr(1));
    if (!secret) return std::unexpected("the file cannot be read; check its name and permissions");
    value.text = std::move(*secret);
  }
  if (text.empty()) return setting.fallback.empty() ? std::expected<SettingValue, std::string>(value) : refused();
  if (setting.type == Type::kFile && !std::filesystem::is_regular_file(text)) return refused();
  if (setting.type == Type::kUrl && !text.starts_with("http://") && !text.starts_with("https://")) return refused();
  if (setting.type == Type::kMail && !model::is_email(text)) return refused();
  if (setting.type == Type::kChoice && std::ranges::find(setting.choices, text) == setting.choices.end()) {
    return refused();
  }
  if (setting.type == Type::kSwitch) {
    if (text != "true" && text != "false") return refused();
    value.number = text == "true" ? 1 : 0;
  }
  if (NodeOptions unused; setting.type == Type::kAddress && !set_listen(text, unused)) return refused();
  if (setting.type == Type::kNumber || setting.type == Type::kBytes) {
    const auto number = number_of(text, setting.type == Type::kBytes);
    if (!number || *number < setting.least || *number > setting.most) return refused();
    value.number = *number;
  }
  return value;
}

}  // namespace daybook::cli
