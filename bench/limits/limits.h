#pragma once

#include <cstdint>
#include <filesystem>

namespace daybook::bench {

/// What a durable create cannot beat: its record in a synced batch together with those of all 64 in flight, then its 12
/// rows in an unsynced one, as the server writes them. Prints creates a second.
void measure_durable_rows(const std::filesystem::path& directory, double seconds);

/// What a read over HTTP cannot beat: one epoll loop that answers each request with the same 900 bytes. Prints its port
/// and serves until standard input ends.
void serve_replies();

}  // namespace daybook::bench
