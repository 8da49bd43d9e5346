#include "consumers/mail/message.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <vector>

#include "consumers/mail/header_text.h"
#include "consumers/mail/quoted_printable.h"

namespace daybook::consumers {
namespace {

constexpr std::size_t kAddressOctets = 254;  // RFC 5321 with erratum 1690
constexpr std::int64_t kEndOfYear9999 = 253402300799;

bool is_graphic_ascii(char c) { return c > ' ' && c <= '~'; }

// "<left@right>" in one line of graphic ASCII, RFC 5322 section 3.6.4 without comments.
bool is_message_id(std::string_view text) {
  if (text.size() < 5 || text.size() > kAddressOctets || !text.starts_with('<') || !text.ends_with('>')) return false;
  return is_mail_address(text.substr(1, text.size() - 2));
}

std::optional<std::string> header_error(std::string_view header, std::string_view value) {
  constexpr std::string_view kLineBreaks("\r\n\0", 3);
  if (value.find_first_of(kLineBreaks) == std::string_view::npos) return std::nullopt;
  return "The mail header " + std::string(header) + " holds a CR, LF or NUL; remove it.";
}

std::optional<std::string> error_of(const Mail& mail) {
  for (const auto& [header, value] :
       {std::pair{"Message-ID", &mail.message_id}, std::pair{"From", &mail.from}, std::pair{"To", &mail.to_name},
        std::pair{"To", &mail.to_address}, std::pair{"Subject", &mail.subject}}) {
    if (auto error = header_error(header, *value)) return error;
  }
  if (!is_message_id(mail.message_id)) {
    return "The Message-ID '" + mail.message_id + "' is not of the form <id@host> in ASCII.";
  }
  for (const auto& [header, address] : {std::pair{"From", &mail.from}, std::pair{"To", &mail.to_address}}) {
    if (!is_mail_address(*address)) {
      return std::string(header) + " '" + *address +
             "' is not a bare ASCII mail address of at most 254 octets; write other letters in the domain as A-label.";
    }
  }
  if (mail.date < 0 || mail.date > kEndOfYear9999) {
    return "The mail's Date of " + std::to_string(mail.date) + " s is outside the years 1970 to 9999.";
  }
  return std::nullopt;
}

// FNV-1a, 64 bits. It only has to differ between mails that quote one another; "=_" keeps it out of the parts.
std::string boundary_of(std::string_view message_id) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : message_id) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  std::array<char, 17> hex{};
  std::snprintf(hex.data(), hex.size(), "%016llx", static_cast<unsigned long long>(hash));
  return "=_daybook_" + std::string(hex.data());
}

std::string part(std::string_view boundary, std::string_view type, std::string_view content) {
  return "--" + std::string(boundary) + "\r\nContent-Type: " + std::string(type) +
         "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + quoted_printable(content) + "\r\n";
}

}  // namespace

bool is_mail_address(std::string_view text) {
  constexpr std::string_view kSpecials = "\"(),:;<>[\\]";
  const std::size_t at = text.find('@');
  return text.size() <= kAddressOctets && at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         text.find('@', at + 1) == std::string_view::npos && std::ranges::all_of(text, is_graphic_ascii) &&
         text.find_first_of(kSpecials) == std::string_view::npos;
}

std::expected<std::string, std::string> compose(const Mail& mail) {
  if (auto error = error_of(mail)) return std::unexpected(*std::move(error));
  std::vector<std::string> to;
  if (!mail.to_name.empty()) to = phrase_words(mail.to_name);
  to.push_back(to.empty() ? mail.to_address : '<' + mail.to_address + '>');
  const std::string boundary = boundary_of(mail.message_id);
  return folded_header("Date", {rfc5322_date(mail.date)}) + folded_header("From", {mail.from}) +
         folded_header("To", to) + folded_header("Message-ID", {mail.message_id}) +
         folded_header("Subject", unstructured_words(mail.subject)) +
         "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary=\"" +
         boundary + "\"\r\n\r\n" + part(boundary, "text/plain", mail.text) + part(boundary, "text/html", mail.html) +
         "--" + boundary + "--\r\n";
}

}  // namespace daybook::consumers
