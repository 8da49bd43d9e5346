#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace daybook::cli {

enum class Status : std::uint8_t { kOk, kWarning, kFailure };

/// One thing that was looked at.
struct Check {
  std::string name;
  Status status = Status::kOk;
  std::string found;
  std::string remedy;  // a command, or the exact edit; empty where there is nothing to mend
};
using Checks = std::vector<Check>;

Check ok(std::string name, std::string found);
Check warning(std::string name, std::string found, std::string remedy);
Check failure(std::string name, std::string found, std::string remedy);

/// The same of a text that ends with its remedy, as errors of the house do: behind the first "; run: ", or else behind
/// the last "; ".
Check warning_of(std::string name, std::string_view text);
Check failure_of(std::string name, std::string_view text);

bool has_failure(const Checks& checks);

/// Gives the word of a status its colour, or leaves it as it is.
using Paint = std::function<std::string(Status status, const std::string& word)>;

/// A line for each check, its remedy on a line of its own below, and at the end how many there are of each status.
/// Control characters, which others may have said, become spaces.
std::string as_lines(const Checks& checks, const Paint& paint);

/// The same as one document: `{"checks":[{"name","status":"ok|warning|failure","found","remedy":TEXT|null}],
/// "summary":{"ok":N,"warnings":N,"failures":N}}`.
std::string as_json(const Checks& checks);

}  // namespace daybook::cli
