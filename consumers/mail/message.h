#pragma once
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace daybook::consumers {

// One mail to one person, as plain values. All text is UTF-8; addresses are bare ("ann@acme.test") and ASCII, so a
// domain with other letters stands as its A-label.
struct Mail {
  std::string message_id;  // with its angle brackets: "<id@host>"; the same mail sent again keeps it
  std::string from;
  std::string to_name;  // may be empty
  std::string to_address;
  std::string subject;
  std::string text;  // the same content twice, for readers without and with HTML
  std::string html;
  std::int64_t date = 0;  // seconds since 1970-01-01T00:00:00Z

  bool operator==(const Mail&) const = default;
};

// The bytes of the mail as they go over the wire: RFC 5322 headers, RFC 2047 encoded words where a header is not plain
// ASCII, RFC 2045/2046 multipart/alternative with both parts quoted-printable, CRLF line ends, no line above 78
// octets apart from an address or Message-ID that is longer. Dots at line starts are not doubled: that is the
// transport's work.
// Pure: the same Mail gives the same bytes, the boundary included.
// The error is a sentence that names the header: a CR, LF or NUL in a header value, an address or a Message-ID that is
// none, a date outside the years 1970 to 9999.
std::expected<std::string, std::string> compose(const Mail& mail);

// A bare ASCII address of at most 254 octets that is safe in a header and in an SMTP command: one local part and one
// domain, no space, no control character, no quote, bracket or comma. No statement about whether it exists.
bool is_mail_address(std::string_view text);

}  // namespace daybook::consumers
