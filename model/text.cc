#include "model/text.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/ucal.h>
#include <unicode/uchar.h>
#include <unicode/uenum.h>
#include <unicode/uidna.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <set>
#include <stdexcept>

#include "model/email_syntax.h"

namespace daybook::model {
namespace {

void require(UErrorCode status, const char* what) {
  if (U_FAILURE(status)) {
    throw std::runtime_error(std::string(what) + ": " + u_errorName(status) + "; is ICU's data installed whole?");
  }
}

using NormalizerSource = const icu::Normalizer2* (*)(UErrorCode&);

std::string normalized(std::string_view text, NormalizerSource source, const char* what) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = source(status);
  require(status, what);
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  normalizer->normalizeUTF8(0, {text.data(), static_cast<std::int32_t>(text.size())}, sink, nullptr, status);
  require(status, what);
  return out;
}

bool is_ascii(std::string_view text) {
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data() + i, 8);
    if ((eight & 0x8080808080808080ULL) != 0) return false;
  }
  for (; i < text.size(); ++i) {
    if (static_cast<std::uint8_t>(text[i]) >= 0x80) return false;
  }
  return true;
}

void lower_ascii(std::string& text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

std::string fold_case(std::string_view text) {
  if (is_ascii(text)) {
    std::string out(text);
    lower_ascii(out);
    return out;
  }
  return normalized(text, icu::Normalizer2::getNFKCCasefoldInstance, "NFKC case folding");
}

// The code point that begins at `at`, which moves behind it; U+FFFD for bytes that are no UTF-8.
UChar32 next_code_point(std::string_view text, std::size_t& at) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  UChar32 point = 0;
  U8_NEXT_OR_FFFD(bytes, at, text.size(), point);
  return point;
}

void append_code_point(std::string& out, UChar32 point) {
  std::array<char, U8_MAX_LENGTH> bytes{};
  std::size_t size = 0;
  U8_APPEND_UNSAFE(bytes.data(), size, point);
  out.append(bytes.data(), size);
}

// Letters that look like another with a stroke but do not decompose (Unicode gives them no accent to take off).
UChar32 without_stroke(UChar32 point) {
  switch (point) {
    case 0xF8:
      return 'o';
    case 0x111:
      return 'd';
    case 0x127:
      return 'h';
    case 0x131:
      return 'i';
    case 0x142:
      return 'l';
    case 0x167:
      return 't';
    default:
      return point;
  }
}

// Combining classes below 10 are parts of a letter (nukta, virama, kana voicing); from 10 on they are vowel points and
// accents.
bool is_accent(UChar32 point) { return u_getCombiningClass(point) >= 10; }

std::string fold_accents(std::string_view text) {
  if (is_ascii(text)) return fold_case(text);
  const std::string apart = normalized(fold_case(text), icu::Normalizer2::getNFDInstance, "NFD");
  std::string out;
  for (std::size_t at = 0; at < apart.size();) {
    const UChar32 point = next_code_point(apart, at);
    if (!is_accent(point)) append_code_point(out, without_stroke(point));
  }
  return nfc(out);  // Hangul syllables together again, so that a prefix of them is a prefix of bytes
}

bool is_word_part(UChar32 point) {
  return u_isalnum(point) || (U_GET_GC_MASK(point) & (U_GC_M_MASK | U_GC_N_MASK)) != 0;
}

void add_words(std::string_view folded, std::vector<std::string>& words) {
  std::string word;
  for (std::size_t at = 0; at < folded.size();) {
    const UChar32 point = next_code_point(folded, at);
    if (is_word_part(point)) {
      append_code_point(word, point);
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
}

std::vector<std::string> tokens_of(std::string_view text) {
  std::vector<std::string> tokens;
  std::string token;
  for (std::size_t at = 0; at < text.size();) {
    const UChar32 point = next_code_point(text, at);
    if (!u_isUWhiteSpace(point)) {
      append_code_point(token, point);
    } else if (!token.empty()) {
      tokens.push_back(std::move(token));
      token.clear();
    }
  }
  if (!token.empty()) tokens.push_back(std::move(token));
  return tokens;
}

void add_address_words(const std::string& address, std::size_t at_sign, std::vector<std::string>& words) {
  words.push_back(address);
  if (at_sign > 0) words.push_back(address.substr(0, at_sign));
  for (std::size_t start = at_sign + 1; start < address.size();) {
    const std::size_t end = std::min(address.find('.', start), address.size());
    if (end > start) words.push_back(address.substr(start, end - start));
    start = end + 1;
  }
}

std::vector<std::string> each_once(std::vector<std::string> words) {
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

struct IdnaClose {
  void operator()(UIDNA* idna) const { uidna_close(idna); }
};

const UIDNA& idna() {
  static const std::unique_ptr<UIDNA, IdnaClose> kIdna = [] {
    UErrorCode status = U_ZERO_ERROR;
    UIDNA* opened = uidna_openUTS46(
        UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE,
        &status);
    require(status, "uidna_openUTS46");
    return std::unique_ptr<UIDNA, IdnaClose>(opened);
  }();
  return *kIdna;
}

// The domain as lower-case A-labels; nothing if it cannot be one.
std::optional<std::string> ascii_domain(std::string_view domain) {
  std::string out(domain);
  if (is_ascii(domain)) {
    lower_ascii(out);
  } else {
    UErrorCode status = U_ZERO_ERROR;
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    std::array<char, 512> buffer{};
    const std::int32_t size = uidna_nameToASCII_UTF8(&idna(), domain.data(), static_cast<std::int32_t>(domain.size()),
                                                     buffer.data(), buffer.size(), &info, &status);
    if (U_FAILURE(status) || info.errors != 0) return std::nullopt;
    out.assign(buffer.data(), static_cast<std::size_t>(size));
  }
  if (!is_ascii_domain(out)) return std::nullopt;
  return out;
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
  if (is_ascii(text)) return true;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  for (std::size_t at = 0; at < text.size();) {
    UChar32 point = 0;
    U8_NEXT(bytes, at, text.size(), point);
    if (point < 0) return false;
  }
  return true;
}

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<std::uint8_t>(c) & 0xC0) != 0x80; }));
}

std::string nfc(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  return normalized(text, icu::Normalizer2::getNFCInstance, "NFC");
}

std::string fold(std::string_view text) {
  std::string out;
  for (const std::string& token : tokens_of(fold_case(text))) {
    if (!out.empty()) out += ' ';
    out += token;
  }
  return out;
}

std::vector<std::string> search_words(std::string_view text) {
  std::vector<std::string> words;
  for (const std::string& token : tokens_of(fold_accents(text))) {
    add_words(token, words);
    const std::size_t at_sign = token.rfind('@');
    if (at_sign != token.npos && token.size() > 1) add_address_words(token, at_sign, words);
  }
  return each_once(std::move(words));
}

std::vector<std::string> query_words(std::string_view query) {
  std::vector<std::string> words;
  for (std::string& token : tokens_of(fold_accents(query))) {
    if (token.find('@') != token.npos && token.size() > 1) {
      words.push_back(std::move(token));
    } else {
      add_words(token, words);
    }
  }
  return each_once(std::move(words));
}

std::string_view trim(std::string_view text) {
  const auto is_printable = [](char c) { return c > 0x20 && c < 0x7F; };
  if (!text.empty() && is_printable(text.front()) && is_printable(text.back())) return text;
  std::size_t start = 0;
  std::size_t end = 0;
  bool begun = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t before = at;
    if (u_isUWhiteSpace(next_code_point(text, at))) continue;
    if (!begun) start = before;
    begun = true;
    end = at;
  }
  return begun ? text.substr(start, end - start) : std::string_view();
}

bool is_email(std::string_view text) {
  if (text.size() > kEmailOctets) return false;
  const std::size_t at_sign = text.rfind('@');
  if (at_sign == text.npos || !is_local_part(text.substr(0, at_sign))) return false;
  const std::string_view domain = text.substr(at_sign + 1);
  if (is_ascii(domain)) return is_ascii_domain(domain);
  const auto ascii = ascii_domain(domain);
  return ascii && at_sign + 1 + ascii->size() <= kEmailOctets;
}

std::optional<std::string> email_key(std::string_view address) {
  const std::string_view text = trim(address);
  if (!is_email(text)) return std::nullopt;
  const std::size_t at_sign = text.rfind('@');
  std::string key(
      text.substr(0, at_sign + 1));  // a local part is ASCII, so NFC and the root locale change nothing more
  lower_ascii(key);
  key += ascii_domain(text.substr(at_sign + 1)).value_or("");
  return key;
}

bool is_time_zone(std::string_view name) {
  static const std::set<std::string, std::less<>> kNames = [] {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UEnumeration, decltype(&uenum_close)> zones(ucal_openTimeZones(&status), &uenum_close);
    std::set<std::string, std::less<>> names;
    while (const char* zone = U_SUCCESS(status) ? uenum_next(zones.get(), nullptr, &status) : nullptr)
      names.insert(zone);
    require(status, "ucal_openTimeZones");
    // ICU's own three-letter names mean what nobody expects (BST is Bangladesh); these few are IANA's.
    constexpr std::string_view kShort = "CET EET EST GMT HST MET MST PRC ROC ROK UCT UTC WET";
    std::erase_if(names, [&](const std::string& zone) {
      return (zone.size() == 3 && kShort.find(zone) == kShort.npos) || zone == "Etc/Unknown";
    });
    return names;
  }();
  return kNames.contains(name);
}

}  // namespace daybook::model
