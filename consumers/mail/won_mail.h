#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "consumers/mail/message.h"

namespace daybook::consumers {

// What the mail about a won deal says: plain text, already looked up and formatted.
struct WonDeal {
  std::string deal_title;
  std::string value_text;  // "1250.00"
  std::string currency;    // "EUR"
  std::optional<std::string> contact_name;
  std::string owner_name;
  std::string owner_address;
  std::string deal_url;
  std::string workspace_name;
  std::string message_id;
  std::int64_t date = 0;  // seconds since 1970-01-01T00:00:00Z
};

// The mail to the deal's owner, from `from`. Values are escaped in the HTML part and literal in the text part and the
// subject; nothing in a value is read as template syntax. Line breaks and other control characters inside a value
// become one space, so that a value is one line in the mail and cannot start a header or a line of its own.
// Pure: the same values give the same mail.
Mail render_won_mail(const WonDeal& deal, std::string_view from);

// "<event-id@host>", the same for every attempt. Both parts must be ASCII words; compose() refuses others.
std::string message_id(std::string_view event_id, std::string_view host);

}  // namespace daybook::consumers
