#include "cli/serve_options.h"

#include <charconv>

namespace daybook::cli {

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
