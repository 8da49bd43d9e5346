#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace daybook::eventstore {

/// What a broker says about a topic.
struct TopicFacts {
  std::string name;
  bool exists = false;
  std::uint32_t partitions = 0;
  std::uint32_t replicas = 0;                     // of the partition that has fewest
  std::uint32_t in_sync = 0;                      // likewise of those that have everything; 0: nobody leads it
  std::map<std::string, std::string> settings{};  // those inherited from the broker as well
};

/// Of a public event with its key and headers.
constexpr std::int64_t kLargestEventBytes = 4 << 20;

/// Records and keys of the log, or the public events.
enum class TopicUse : std::uint8_t { kRecords, kKeys, kEvents };

/// What a topic must be: of the log, so that nothing is ever lost from it; of public events, which hold personal data
/// in the clear, so that they are kept for so long and no longer. Pure.
class TopicRules {
 public:
  struct Wanted {
    std::string brokers;  // as in the commands that are printed
    std::uint32_t partitions = 1;
    std::uint32_t replicas = 1;              // of a topic that is made: 3 where there are as many brokers
    std::chrono::milliseconds retention{0};  // of public events
  };
  explicit TopicRules(Wanted wanted) : wanted_(std::move(wanted)) {}

  /// The settings of a new topic.
  std::map<std::string, std::string> settings(TopicUse use) const;
  /// kafka-topics.sh with everything that makes it right.
  std::string create_command(const std::string& name, TopicUse use) const;

  struct Verdict {
    std::vector<std::string> problems;  // each with the command that ends it; with one, the log is not opened
    std::vector<std::string> warnings;
  };
  Verdict judge(const TopicFacts& topic, TopicUse use) const;

 private:
  class Judge;
  std::string change_command(const std::string& name, const std::string& setting) const;

  Wanted wanted_;
};

}  // namespace daybook::eventstore
