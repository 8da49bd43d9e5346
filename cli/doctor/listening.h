#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace daybook::cli {

/// Where a process listens, as a host to connect to and a port; all addresses of a machine are loopback from here.
struct Listening {
  std::string host;
  std::uint16_t port = 0;
  bool operator==(const Listening&) const = default;
};

/// The first of the sockets, by their inodes, that listens in a text of /proc/net/tcp or tcp6 (proc(5)), whose numbers
/// are in the byte order of a little-endian machine.
std::optional<Listening> listening_among(std::string_view table, const std::set<std::uint64_t>& inodes);

/// Whether the sockets of a process may be seen: of one of the same user, or by root.
bool can_see_sockets_of(long pid);

/// Where the process takes connections: it may have been told so elsewhere than by today's settings. Nothing where it
/// does not, or its sockets cannot be seen.
std::optional<Listening> listening_of(long pid);

}  // namespace daybook::cli
