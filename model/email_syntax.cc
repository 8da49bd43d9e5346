#include "model/email_syntax.h"

#include <algorithm>

namespace daybook::model {
namespace {

constexpr std::size_t kLabelOctets = 63;

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > kLabelOctets || label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(), [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

}  // namespace

bool is_local_part(std::string_view local) {
  static constexpr std::string_view kSigns = ".!#$%&'*+/=?^_`{|}~-";
  return !local.empty() && std::all_of(local.begin(), local.end(),
                                       [](char c) { return is_letter_or_digit(c) || kSigns.find(c) != kSigns.npos; });
}

bool is_ascii_domain(std::string_view domain) {
  while (true) {
    const std::size_t dot = domain.find('.');
    if (!is_label(domain.substr(0, dot))) return false;
    if (dot == domain.npos) return true;
    domain.remove_prefix(dot + 1);
  }
}

}  // namespace daybook::model
