#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// The text of mail headers, RFC 5322 (dates, folding, phrases) and RFC 2047 (encoded words). Pure functions over
// UTF-8; none of them checks for CR, LF and NUL, which message.cc refuses before.
namespace daybook::consumers {

// The words of free text for a Subject: the words themselves when all is printable ASCII, else encoded words of at
// most 75 octets, none of which splits a character. To be joined by one space or one fold.
std::vector<std::string> unstructured_words(std::string_view text);

// The words of a display name: atoms, one quoted string, or encoded words.
std::vector<std::string> phrase_words(std::string_view name);

// "Name: word word\r\n", folded before a word that would pass column 78.
std::string folded_header(std::string_view name, const std::vector<std::string>& words);

// "Tue, 01 Jul 2025 10:00:00 +0000".
std::string rfc5322_date(std::int64_t unix_seconds);

}  // namespace daybook::consumers
