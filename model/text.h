#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace daybook::model {

/// What Unicode says about text: pure functions, safe from every thread. Texts are UTF-8; bytes that are not are taken
/// as U+FFFD, except by `is_valid_utf8`, which is the check at the edge.

bool is_valid_utf8(std::string_view text);
/// Code points of a valid text: the unit of every length limit.
std::size_t code_points(std::string_view text);
/// Normalisation Form C (UAX #15).
std::string nfc(std::string_view text);

/// The form in which two names are the same name: NFKC case-folded (STRASSE = Straße), white space squeezed to one
/// space and trimmed.
std::string fold(std::string_view text);

/// The words under which a text is found, each once, in byte order: case- and accent-folded, split at everything that
/// is neither letter, digit nor mark. An e-mail address also stands under its local part, its domain labels and as a
/// whole.
std::vector<std::string> search_words(std::string_view text);
/// What must begin some word of a match: the words of a query. An address, also a cut-off one, stays whole.
std::vector<std::string> query_words(std::string_view query);

/// An address as browsers check `input type=email` (HTML Living Standard, valid e-mail address), its domain also an
/// internationalised one (UTS #46); at most 254 octets as entered and with the domain in ASCII.
bool is_email(std::string_view text);
/// What makes two addresses one: trimmed, NFC, lower-cased in the root locale, the domain as UTS #46 A-labels. Nothing
/// if it is not an address.
std::optional<std::string> email_key(std::string_view address);
/// `text` without white space at both ends.
std::string_view trim(std::string_view text);

/// A name of the IANA time zone database, such as Europe/Berlin or UTC.
bool is_time_zone(std::string_view name);

}  // namespace daybook::model
