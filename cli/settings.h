#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/serve_options.h"

namespace daybook::cli {

/// A value that fits its setting: the text as it was given, and what it means where that is a number.
struct SettingValue {
  std::string text;
  std::uint64_t number = 0;  // 1 where a switch is on
};

/// One option of the server. The same name stands in daybook.toml (`high_water`), as a flag (`--high-water`) and in the
/// environment (`DAYBOOK_HIGH_WATER`).
struct Setting {
  enum class Type : std::uint8_t { kText, kFile, kUrl, kMail, kAddress, kChoice, kNumber, kBytes, kSwitch };

  std::string_view name;
  std::string_view group;
  Type type = Type::kText;
  std::string_view fallback{};                  // the default; empty: none
  std::uint64_t least = 0;                      // of kNumber and kBytes
  std::uint64_t most = 0;                       // likewise
  std::span<const std::string_view> choices{};  // of kChoice
  std::string_view help{};
  bool is_secret = false;  // never shown; `@FILE` is replaced by what the file holds
  bool is_common = false;  // all nodes that share a log need the same
  void (*apply)(const SettingValue& value, ServeOptions& options) = nullptr;

  std::string flag() const;
  std::string variable() const;
  /// What stands behind the flag in a help text, such as BYTES.
  std::string_view placeholder() const;
  /// What it takes, as a part of a sentence: "a number from 1 to 256".
  std::string takes() const;
};

/// Every option of the server; the only list of them. Flags, the file of settings, its template, `daybook config` and
/// docs/configuration.md are made of it or held against it.
std::span<const Setting> all_settings();

/// A setting with its value and where that came from.
struct SettledSetting {
  enum class Origin : std::uint8_t { kDefault, kFile, kEnvironment, kFlag };

  const Setting* setting = nullptr;
  SettingValue value;
  Origin origin = Origin::kDefault;
  std::string source;  // "--threads", "DAYBOOK_THREADS", "/srv/daybook.toml line 3", "default"
};

/// Flags as they were given, by the setting's name, and --config (or DAYBOOK_CONFIG).
struct GivenSettings {
  std::map<std::string, std::string, std::less<>> flags;
  std::string config;
};

/// All settings: flags over the environment over the file over defaults. The file is --config or, without it,
/// daybook.toml in the data directory if it is there.
class Settings {
 public:
  enum class IfWrong : std::uint8_t { kThrow, kTakeDefaults };
  /// Throws UsageError with the lines of `problems`; told to, it does not, and what is wrong has its default.
  explicit Settings(const GivenSettings& given, IfWrong if_wrong = IfWrong::kThrow);

  /// A line for everything that is wrong, with where it came from and the remedy.
  const std::vector<std::string>& problems() const { return problems_; }

  const std::vector<SettledSetting>& all() const { return all_; }
  /// The file that was read; empty: none.
  const std::filesystem::path& file() const { return file_; }
  const ServeOptions& options() const { return options_; }

 private:
  void settle(const Setting& setting, const std::string& text, SettledSetting::Origin origin, std::string source);
  void read_file(const std::filesystem::path& file);
  void check_together();

  std::vector<SettledSetting> all_;
  std::filesystem::path file_;
  ServeOptions options_;
  std::vector<std::string> problems_;
};

}  // namespace daybook::cli
