#pragma once

#include <optional>
#include <string>

#include "consumers/mail/won_mail.h"
#include "daybook/v1/work.pb.h"
#include "domain/store.h"

namespace daybook::consumers {

/// Everything that the mail about a won deal shows, looked up as the workspace stands; nothing if the deal's owner can
/// no longer be mailed. `public_url` is where people find the deal: scheme and host, without a slash at its end.
std::optional<WonDeal> won_deal(const v1::Email& email, const domain::View& view, const std::string& public_url);

}  // namespace daybook::consumers
