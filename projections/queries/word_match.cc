#include "projections/queries/word_match.h"

#include <algorithm>

#include "model/text.h"
#include "model/wire.h"

namespace daybook::projections {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }
bool is_alphanumeric(char c) { return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9'); }

// A word of ASCII begins wherever a letter or digit follows none, the parts of an address too.
bool ascii_word_begins(std::string_view text, std::string_view prefix) {
  for (std::size_t at = 0; at + prefix.size() <= text.size(); ++at) {
    if (lower(text[at]) != prefix[0] || (at > 0 && is_alphanumeric(text[at - 1]))) continue;
    const auto equal = [](char wanted, char c) { return wanted == lower(c); };
    if (std::equal(prefix.begin(), prefix.end(), text.begin() + static_cast<std::ptrdiff_t>(at), equal)) return true;
  }
  return false;
}

}  // namespace

bool word_begins(std::string_view text, std::string_view prefix) {
  const bool plain = !prefix.empty() && std::all_of(prefix.begin(), prefix.end(), is_alphanumeric) &&
                     std::all_of(text.begin(), text.end(), is_ascii);
  if (plain) return ascii_word_begins(text, prefix);
  const auto words = model::search_words(text);
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) { return word.starts_with(prefix); });
}

bool words_begin(const model::Kind& kind, std::string_view record, const std::vector<std::string>& prefixes) {
  std::uint64_t missing = (1ULL << prefixes.size()) - 1;
  model::WireReader reader(record);
  for (model::WireField wire; missing != 0 && reader.next(wire);) {
    const model::Field* field = kind.message->field(wire.number);
    if (field == nullptr || !field->word) continue;
    for (std::size_t i = 0; i < prefixes.size(); ++i) {
      if ((missing >> i & 1) != 0 && word_begins(wire.bytes, prefixes[i])) missing &= ~(1ULL << i);
    }
  }
  return missing == 0;
}

}  // namespace daybook::projections
