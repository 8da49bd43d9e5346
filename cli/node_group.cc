#include "cli/node_group.h"

#include <set>
#include <utility>

namespace daybook::cli {
namespace {

constexpr std::chrono::seconds kHandOver{3};  // half of what the group takes to miss a node
constexpr std::chrono::seconds kAskAtEnd{1};

std::string partitions_text(const std::set<std::uint32_t>& partitions) {
  if (partitions.empty()) return "no partition; it stands by";
  std::string text = partitions.size() == 1 ? "partition" : "partitions";
  for (const std::uint32_t partition : partitions) text += " " + std::to_string(partition);
  return text;
}

}  // namespace

NodeGroup::NodeGroup(eventstore::KafkaOptions kafka, const eventstore::AddressSeal& addresses, std::string node_url,
                     const ServerLog& lines)
    : kafka_(std::move(kafka)), addresses_(addresses), node_url_(std::move(node_url)), lines_(lines) {}

std::vector<std::string> NodeGroup::others() const try {
  std::vector<std::string> urls;
  for (const eventstore::Member& member : eventstore::members_of(kafka_, addresses_)) {
    if (member.node_url.empty()) {
      lines_.warn("a member of the group of nodes does not have the keys/ of this log; it is not asked for anything");
    } else if (member.node_url != node_url_) {
      urls.push_back(member.node_url);
    }
  }
  return urls;
} catch (const std::exception& error) {
  lines_.warn(std::string("the other nodes are not known: ") + error.what());
  return {};
}

// What this node had when it ended it takes at once: nobody else is told to before Kafka misses it.
void NodeGroup::join(eventstore::Writers& writers) {
  std::set<std::uint32_t> own;
  for (std::uint32_t partition = 0; partition < writers.partition_count(); ++partition) {
    if (writers.of_partition(partition).owner_address() == node_url_) own.insert(partition);
  }
  writers.assign(own);
  membership_ = std::make_unique<eventstore::Membership>(
      kafka_, addresses_,
      eventstore::Membership::Options{node_url_, [this, &writers](const std::set<std::uint32_t>& partitions) {
                                        lines_.info("Kafka's group of nodes gives this one " +
                                                    partitions_text(partitions));
                                        writers.assign(partitions);
                                      }});
  membership_->start();
}

void NodeGroup::leave(eventstore::Writers& writers) {
  if (!membership_) return;
  const auto deadline = std::chrono::steady_clock::now() + kHandOver;
  membership_->stop();
  membership_.reset();  // nobody assigns anything any more
  writers.assign({});
  if (has_others()) writers.wait_until_replaced(deadline);
}

// Nobody takes over where the brokers do not answer.
bool NodeGroup::has_others() const try {
  eventstore::KafkaOptions asking = kafka_;
  asking.start_timeout = kAskAtEnd;
  return !eventstore::members_of(asking, addresses_).empty();
} catch (const std::exception& error) {
  lines_.warn(std::string("this node ends without handing over: ") + error.what());
  return false;
}

}  // namespace daybook::cli
