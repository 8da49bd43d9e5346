#include "cli/doctor/listening.h"

#include <arpa/inet.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace daybook::cli {
namespace {

constexpr std::string_view kListens = "0A";  // TCP_LISTEN

// An address as words of 8 hexadecimal digits: one of IPv4, four of IPv6.
std::optional<std::string> host_of(const std::string& digits) {
  if (digits.size() != 8 && digits.size() != 32) return std::nullopt;
  std::array<std::uint32_t, 4> words{};
  for (std::size_t i = 0; i < digits.size() / 8; ++i) {
    if (std::sscanf(digits.c_str() + 8 * i, "%8x", &words[i]) != 1) return std::nullopt;
  }
  const bool is_v4 = digits.size() == 8;
  if (words == std::array<std::uint32_t, 4>{}) return is_v4 ? "127.0.0.1" : "::1";
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (inet_ntop(is_v4 ? AF_INET : AF_INET6, words.data(), text.data(), text.size()) == nullptr) return std::nullopt;
  return std::string(text.data());
}

std::string files_of(long pid) { return "/proc/" + std::to_string(pid) + "/fd"; }

std::set<std::uint64_t> sockets_of(long pid) {
  std::set<std::uint64_t> inodes;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(files_of(pid), error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code is_closed;
    const std::string link = std::filesystem::read_symlink(entry->path(), is_closed);
    unsigned long long inode = 0;
    if (std::sscanf(link.c_str(), "socket:[%llu]", &inode) == 1) inodes.insert(inode);
  }
  return inodes;
}

}  // namespace

std::optional<Listening> listening_among(std::string_view table, const std::set<std::uint64_t>& inodes) {
  std::istringstream lines{std::string(table)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream in(line);
    std::string number, local, remote, state, queues, timer, retransmits, user, timeout;
    std::uint64_t inode = 0;
    if (!(in >> number >> local >> remote >> state >> queues >> timer >> retransmits >> user >> timeout >> inode)) {
      continue;
    }
    const std::size_t colon = local.find(':');
    if (state != kListens || !inodes.contains(inode) || colon == std::string::npos) continue;
    unsigned port = 0;
    const auto host = host_of(local.substr(0, colon));
    if (host && std::sscanf(local.c_str() + colon, ":%4x", &port) == 1) {
      return Listening{*host, static_cast<std::uint16_t>(port)};
    }
  }
  return std::nullopt;
}

bool can_see_sockets_of(long pid) { return access(files_of(pid).c_str(), R_OK | X_OK) == 0; }

std::optional<Listening> listening_of(long pid) {
  const auto inodes = sockets_of(pid);
  for (const char* table : {"tcp", "tcp6"}) {
    std::ifstream in("/proc/" + std::to_string(pid) + "/net/" + table);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    if (auto found = listening_among(text, inodes)) return found;
  }
  return std::nullopt;
}

}  // namespace daybook::cli
