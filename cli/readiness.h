#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace daybook::cli {

/// What a node says of one partition.
struct PartitionPlace {
  std::uint32_t partition = 0;
  std::string role;       // owner, taking_over or standing_by
  std::string owner;      // its URL; empty: none is known
  std::uint64_t lag = 0;  // records of the log that the node has not read yet
};

/// What one node of several says of itself.
struct NodeSelf {
  std::string url;
  std::string instance;                         // of its process
  std::map<std::string, std::string> settings;  // digests of what all nodes need the same of, by its name
};

/// What `/readyz` of a server answers.
struct Readiness {
  bool is_ready = false;
  std::string status;                // ok, unavailable or stopping
  std::vector<std::string> reasons;  // such as "disk full": what is not as it should be, but for the lag
  std::uint64_t log_end = 0;
  std::uint64_t lag = 0;                   // of all partitions
  std::optional<NodeSelf> node{};          // of one node of several
  std::vector<PartitionPlace> partitions;  // likewise; otherwise none
};

/// The answer of a Daybook; nothing where the text is none.
std::optional<Readiness> parse_readiness(std::string_view body);

/// Whoever was asked.
struct Answer {
  enum class Kind : std::uint8_t {
    kNobody,    // nothing listens there, or the machine is not reached
    kSilent,    // it listens and does not answer in time
    kStranger,  // another program answers
    kDaybook,
  };
  Kind kind = Kind::kNobody;
  Readiness readiness{};                        // of a Daybook
  std::optional<std::chrono::seconds> ahead{};  // of its clock before ours, give or take the time of the answer
};

/// Asks a server for its readiness, for two seconds at most.
Answer ask_readiness(const std::string& url);

/// How far a time as in an HTTP header (RFC 9110, 5.6.7) lies after another one; nothing where it is none.
std::optional<std::chrono::seconds> seconds_after(const std::string& http_date,
                                                  std::chrono::system_clock::time_point other);

}  // namespace daybook::cli
