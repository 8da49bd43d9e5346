#include "consumers/mail/header_text.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace daybook::consumers {
namespace {

constexpr std::size_t kLineOctets = 78;
// Three octets become four letters: "=?UTF-8?B?" + 60 letters + "?=" stays below RFC 2047's limit of 75.
constexpr std::size_t kEncodedWordOctets = 45;
// A longer word could not be folded within the line, so it is encoded, which may be cut anywhere.
constexpr std::size_t kPlainWordOctets = 60;

bool is_printable_ascii(char c) { return c >= ' ' && c <= '~'; }

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

// RFC 5322 atext, the characters a display name may hold without quotes.
bool is_atext(char c) {
  constexpr std::string_view kSigns = "!#$%&'*+-/=?^_`{|}~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || kSigns.contains(c);
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      group = group << 8U | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) out += i <= count ? kLetters[(group >> (18U - 6U * i)) & 63U] : '=';
  }
  return out;
}

std::vector<std::string> encoded_words(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    std::size_t length = std::min(text.size(), kEncodedWordOctets);
    // A character has at most three continuation octets; text that is not UTF-8 is cut where it stands.
    for (int back = 0; back < 3 && length < text.size() && is_continuation(text[length]); ++back) --length;
    words.push_back("=?UTF-8?B?" + base64(text.substr(0, length)) + "?=");
    text.remove_prefix(length);
  }
  return words;
}

// Nothing that a reader of mails could take for the end of a header stays, also once it is decoded.
std::string one_line(std::string_view text) {
  std::string line(text);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return line;
}

std::vector<std::string> split_at_spaces(std::string_view text) {
  std::vector<std::string> words;
  while (true) {
    const std::size_t space = text.find(' ');
    words.emplace_back(text.substr(0, space));
    if (space == std::string_view::npos) return words;
    text.remove_prefix(space + 1);
  }
}

// Words that stand for themselves. An empty word is a space at an end or a double space, which a fold could lose, and
// "=?" could be read as an encoded word.
bool stands_for_itself(const std::vector<std::string>& words) {
  return std::ranges::all_of(words, [](const std::string& word) {
    return !word.empty() && word.size() <= kPlainWordOctets && std::ranges::all_of(word, is_printable_ascii) &&
           !word.contains("=?");
  });
}

}  // namespace

std::vector<std::string> unstructured_words(std::string_view any_text) {
  const std::string text = one_line(any_text);
  std::vector<std::string> words = split_at_spaces(text);
  return stands_for_itself(words) ? words : encoded_words(text);
}

std::vector<std::string> phrase_words(std::string_view any_name) {
  const std::string name = one_line(any_name);
  std::vector<std::string> words = split_at_spaces(name);
  if (!stands_for_itself(words)) return encoded_words(name);
  if (std::ranges::all_of(words, [](const std::string& word) { return std::ranges::all_of(word, is_atext); })) {
    return words;
  }
  if (name.size() > kPlainWordOctets) return encoded_words(name);
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return {quoted + '"'};
}

std::string folded_header(std::string_view name, const std::vector<std::string>& words) {
  std::string out = std::string(name) + ':';
  std::size_t column = out.size();
  bool first = true;
  for (const std::string& word : words) {
    // RFC 5322 discourages a line of white space only, so the first word stays beside the name.
    if (!first && column + 1 + word.size() > kLineOctets) {
      out += "\r\n";
      column = 0;
    }
    out += ' ' + word;
    column += 1 + word.size();
    first = false;
  }
  return out + "\r\n";
}

std::string rfc5322_date(std::int64_t unix_seconds) {
  using std::chrono::days;
  constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::chrono::sys_seconds time{std::chrono::seconds{unix_seconds}};
  const auto midnight = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date{midnight};
  const std::chrono::hh_mm_ss clock{time - midnight};
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d +0000",
                kDays[std::chrono::weekday{midnight}.c_encoding()], unsigned{date.day()},
                kMonths[unsigned{date.month()} - 1], int{date.year()}, static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
  return text.data();
}

}  // namespace daybook::consumers
