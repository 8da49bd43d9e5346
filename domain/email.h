#pragma once

#include "daybook/v1/work.pb.h"
#include "domain/draft.h"
#include "domain/kind_rules.h"

namespace daybook::domain {

/// Queues the mail that tells a deal's owner that it was won, or says why nobody can be told (rule 10): email.queued or
/// email.skipped.
void queue_won_mail(const model::Uuid& deal, const std::optional<model::Uuid>& owner, Draft& draft,
                    const Context& context);

/// How the mailer reports back. Repeating a report emits nothing.
Result<Events> report_sent(const model::Uuid& email, const View& view);
Result<Events> report_failed(const model::Uuid& email, std::string detail, const View& view);

/// What people do with a mail that the mail server refused for good: have it tried once more, under the same
/// Message-ID, or no more. `email_state` where it is in another state, except that nothing is repeated.
Result<Events> retry_email(const model::Uuid& email, const View& view, const Context& context);
Result<Events> drop_email(const model::Uuid& email, const View& view, const Context& context);

KindRules email_rules();

}  // namespace daybook::domain
