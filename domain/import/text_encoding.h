#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace daybook::domain {

/// How the bytes of an imported file stand for characters.
enum class TextEncoding : std::uint8_t { kUtf8, kWindows1252 };

/// Is a stream of bytes UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF)? Fed in pieces of
/// any size; a character may be cut between two.
class Utf8Check {
 public:
  /// False from the first wrong byte on.
  bool feed(std::string_view piece);
  /// True when all that was fed is valid and ends with a whole character.
  bool complete() const { return valid_ && missing_ == 0; }

 private:
  bool lead(unsigned char byte);

  bool valid_ = true;
  int missing_ = 0;           // continuation bytes still to come
  unsigned char low_ = 0x80;  // bounds of the next one
  unsigned char high_ = 0xBF;
};

/// Appends the UTF-8 of one Windows-1252 byte of 0x80 or above. The five bytes that Windows leaves open become the C1
/// controls of the same number, as browsers read them (encoding.spec.whatwg.org, index windows-1252).
void append_windows_1252(std::string& out, unsigned char byte);

}  // namespace daybook::domain
