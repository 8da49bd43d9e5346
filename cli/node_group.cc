#include "cli/node_group.h"

#include <condition_variable>
#include <mutex>
#include <set>
#include <stdexcept>
#include <utility>

#include "cli/http_client.h"

namespace daybook::cli {
namespace {

constexpr std::chrono::seconds kHandOver{3};  // half of what the group takes to miss a node
constexpr std::chrono::seconds kAskAtEnd{1};
constexpr std::chrono::seconds kAskItself{2};
constexpr std::chrono::seconds kLookForATwin{10};
constexpr std::string_view kVersionBegins = "{\"version\":\"";

std::string partitions_text(const std::set<std::uint32_t>& partitions) {
  if (partitions.empty()) return "no partition; it stands by";
  std::string text = partitions.size() == 1 ? "partition" : "partitions";
  for (const std::uint32_t partition : partitions) text += " " + std::to_string(partition);
  return text;
}

// Whether a Daybook answers there. Nobody who hangs is waited for.
bool is_served(const std::string& url) try {
  const auto deadline = std::chrono::steady_clock::now() + kAskItself;
  const auto answer = HttpClient(url, {}).download("/version", [deadline] {
    if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("no answer in time");
  });
  std::string body(kVersionBegins.size(), ' ');
  return answer->read(body) == body.size() && body == kVersionBegins;
} catch (const std::exception&) {
  return false;
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

void NodeGroup::refuse_a_twin() const {
  if (!is_served(node_url_)) return;
  throw std::runtime_error("another server answers at " + node_url_ +
                           " already; name in --node-url where the other nodes reach this one, and no other");
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
  twin_watch_ = std::jthread([this, &writers](const std::stop_token& stop) { look_for_a_twin(writers, stop); });
}

// A partition is another process's, and that one gave this node's address.
bool NodeGroup::is_address_shared(const eventstore::Writers& writers) const {
  for (std::uint32_t partition = 0; partition < writers.partition_count(); ++partition) {
    const eventstore::Writer& writer = writers.of_partition(partition);
    if (!writer.is_owner() && writer.owner_address() == node_url_) return true;
  }
  return false;
}

// Twice in a row, for a node that starts again needs a moment to take what its former self had.
void NodeGroup::look_for_a_twin(const eventstore::Writers& writers, const std::stop_token& stop) const {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  bool was_shared = false;
  while (!never.wait_for(lock, stop, kLookForATwin, [&] { return stop.stop_requested(); })) {
    const bool is_shared = is_address_shared(writers);
    if (is_shared && was_shared) {
      lines_.error("another node has partitions under the address of this one, " + node_url_ +
                   ", so nobody reaches them through here; give each node a --node-url of its own");
    }
    was_shared = is_shared;
  }
}

void NodeGroup::leave(eventstore::Writers& writers) {
  if (!membership_) return;
  twin_watch_ = {};
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
