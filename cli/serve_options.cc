#include "cli/serve_options.h"

#include <charconv>

#include "cli/exit_codes.h"

namespace daybook::cli {

std::string url_of(const std::string& host, std::uint16_t port) {
  return "http://" + (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + std::to_string(port);
}

void require_data(const NodeOptions& options) {
  if (!options.data.empty()) return;
  throw UsageError("say where the data is: --data DIR, DAYBOOK_DATA, or data in the file of settings");
}

consumers::SmtpOptions smtp_of(const NodeOptions& options) {
  consumers::SmtpOptions smtp{.url = options.smtp_url, .from = options.mail_from, .ca_file = {}};
  smtp.tls = consumers::parse_smtp_tls(options.smtp_tls).value_or(consumers::SmtpTls::Required);
  if (!options.smtp_ca.empty()) smtp.ca_file = options.smtp_ca;
  return smtp;
}

bool set_listen(std::string_view listen, NodeOptions& options) {
  const auto colon = listen.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  std::string_view host = listen.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  std::uint16_t port = 0;
  const char* end = listen.data() + listen.size();
  const auto [stop, error] = std::from_chars(listen.data() + colon + 1, end, port);
  if (error != std::errc() || stop != end || host.empty()) return false;
  options.http.host = host;
  options.http.port = port;
  return true;
}

}  // namespace daybook::cli
