#pragma once

#include "cli/node.h"
#include "cli/server_log.h"
#include "consumers/mail/smtp_transport.h"

namespace daybook::cli {

/// What `daybook serve` is told; flags, environment, file and defaults have been settled (settings.h).
struct ServeOptions {
  NodeOptions node;
  LogFormat log_format = LogFormat::kAuto;
};

/// Of a server that listens there; brackets go around an address of IPv6.
std::string url_of(const std::string& host, std::uint16_t port);

/// How a node reaches its mail server.
consumers::SmtpOptions smtp_of(const NodeOptions& options);

/// Throws UsageError where no data directory is named.
void require_data(const NodeOptions& options);

/// Takes HOST:PORT apart (`[::1]:7400` for IPv6); false, and nothing is set, where it is none.
bool set_listen(std::string_view listen, NodeOptions& options);

}  // namespace daybook::cli
