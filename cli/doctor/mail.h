#pragma once

#include "cli/doctor/report.h"
#include "cli/node.h"

namespace daybook::cli {

/// Whether the mail server takes connections as mails need them; none is sent. Waits four seconds for each answer.
Checks check_mail(const NodeOptions& options);

}  // namespace daybook::cli
