#pragma once

#include "cli/node.h"
#include "cli/server_log.h"

namespace daybook::cli {

/// What `daybook serve` is told; flags, environment, file and defaults have been settled (settings.h).
struct ServeOptions {
  NodeOptions node;
  LogFormat log_format = LogFormat::kAuto;
};

/// Takes HOST:PORT apart (`[::1]:7400` for IPv6); false, and nothing is set, where it is none.
bool set_listen(std::string_view listen, NodeOptions& options);

}  // namespace daybook::cli
