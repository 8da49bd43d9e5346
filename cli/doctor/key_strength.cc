#include "cli/doctor/key_strength.h"

#include <algorithm>
#include <set>

namespace daybook::cli {
namespace {

constexpr std::size_t kFewDistinct = 12;  // 32 random bytes have 30 on average, 52 letters of base32 have 26

}  // namespace

std::optional<std::string> weakness_of(std::string_view secret, std::size_t least_bytes, SecretForm form) {
  if (secret.size() < least_bytes) {
    return "is too short: " + std::to_string(secret.size()) + " bytes and not " + std::to_string(least_bytes);
  }
  const std::set<char> distinct(secret.begin(), secret.end());
  if (distinct == std::set<char>{'\0'}) return "is all zero";
  if (distinct.size() == 1) return "is one byte repeated";
  if (distinct.size() < kFewDistinct) return "has only " + std::to_string(distinct.size()) + " distinct bytes";
  const bool is_text = std::ranges::all_of(secret, [](char c) { return c >= ' ' && c <= '~'; });
  if (form == SecretForm::kBytes && is_text) return "is text that people type";
  return std::nullopt;
}

}  // namespace daybook::cli
