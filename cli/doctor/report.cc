#include "cli/doctor/report.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace daybook::cli {
namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t kWordWidth = 9;  // of the longest word, and two spaces

std::string_view word_of(Status status) {
  switch (status) {
    case Status::kWarning:
      return "warning";
    case Status::kFailure:
      return "failure";
    case Status::kOk:
      break;
  }
  return "ok";
}

std::pair<std::string, std::string> parted(std::string_view text) {
  constexpr std::string_view kRun = "; run: ";
  constexpr std::string_view kThen = "; ";
  if (const std::size_t at = text.find(kRun); at != std::string_view::npos) {
    return {std::string(text.substr(0, at)), std::string(text.substr(at + kRun.size()))};
  }
  const std::size_t at = text.rfind(kThen);
  if (at == std::string_view::npos) return {std::string(text), {}};
  return {std::string(text.substr(0, at)), std::string(text.substr(at + kThen.size()))};
}

std::string on_one_line(std::string text) {
  std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  return text;
}

std::size_t count(const Checks& checks, Status status) {
  return static_cast<std::size_t>(std::ranges::count(checks, status, &Check::status));
}

std::string counted(std::size_t number, const std::string& what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

}  // namespace

Check ok(std::string name, std::string found) { return {std::move(name), Status::kOk, std::move(found), {}}; }

Check warning(std::string name, std::string found, std::string remedy) {
  return {std::move(name), Status::kWarning, std::move(found), std::move(remedy)};
}

Check failure(std::string name, std::string found, std::string remedy) {
  return {std::move(name), Status::kFailure, std::move(found), std::move(remedy)};
}

Check warning_of(std::string name, std::string_view text) {
  auto [found, remedy] = parted(text);
  return warning(std::move(name), std::move(found), std::move(remedy));
}

Check failure_of(std::string name, std::string_view text) {
  auto [found, remedy] = parted(text);
  return failure(std::move(name), std::move(found), std::move(remedy));
}

bool has_failure(const Checks& checks) { return count(checks, Status::kFailure) > 0; }

std::string as_lines(const Checks& checks, const Paint& paint) {
  std::string out;
  for (const Check& check : checks) {
    const std::string word(word_of(check.status));
    out += paint(check.status, word) + std::string(kWordWidth - word.size(), ' ') + on_one_line(check.name) + ": " +
           on_one_line(check.found) + "\n";
    if (!check.remedy.empty()) out += std::string(kWordWidth, ' ') + on_one_line(check.remedy) + "\n";
  }
  return out + counted(checks.size(), "check") + ": " + std::to_string(count(checks, Status::kOk)) + " ok, " +
         counted(count(checks, Status::kWarning), "warning") + ", " +
         counted(count(checks, Status::kFailure), "failure") + "\n";
}

std::string as_json(const Checks& checks) {
  json all = json::array();
  for (const Check& check : checks) {
    all.push_back({{"name", check.name},
                   {"status", word_of(check.status)},
                   {"found", check.found},
                   {"remedy", check.remedy.empty() ? json() : json(check.remedy)}});
  }
  const json document{{"checks", std::move(all)},
                      {"summary",
                       {{"ok", count(checks, Status::kOk)},
                        {"warnings", count(checks, Status::kWarning)},
                        {"failures", count(checks, Status::kFailure)}}}};
  // What others said need not be UTF-8.
  return document.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace daybook::cli
