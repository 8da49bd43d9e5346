#include "cli/node_group.h"

#include <condition_variable>
#include <mutex>
#include <set>
#include <span>
#include <stdexcept>
#include <utility>

#include "cli/http_client.h"
#include "cli/readiness.h"
#include "model/named_thread.h"

namespace daybook::cli {
namespace {

constexpr std::chrono::seconds kHandOver{3};  // half of what the group takes to miss a node
constexpr std::chrono::seconds kAskAtEnd{1};
constexpr std::chrono::seconds kAskItself{2};
constexpr std::chrono::seconds kLookForATwin{1};
constexpr int kLooksBetweenLines = 10;  // and between questions who answers, but for as many at the beginning
constexpr std::size_t kLongestAnswer = 64 << 10;
constexpr std::string_view kVersionBegins = "{\"version\":\"";

std::string partitions_text(const std::set<std::uint32_t>& partitions) {
  if (partitions.empty()) return "no partition; it stands by";
  std::string text = partitions.size() == 1 ? "partition" : "partitions";
  for (const std::uint32_t partition : partitions) text += " " + std::to_string(partition);
  return text;
}

// The first bytes of an answer, whatever its status. Throws where none comes in time: nobody who hangs is waited for.
std::string answer_of(const std::string& url, const std::string& path, std::size_t most, const std::stop_token& stop) {
  const auto deadline = std::chrono::steady_clock::now() + kAskItself;
  const auto answer = HttpClient(url, {}).download(path, [&] {
    if (stop.stop_requested() || std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error("no answer in time");
  });
  if (answer->answer().status != 200) return answer->answer().body;
  std::string body(most, ' ');
  std::size_t size = 0;
  while (size < most) {
    const std::size_t count = answer->read(std::span(body).subspan(size));
    if (count == 0) break;
    size += count;
  }
  body.resize(size);
  return body;
}

// Whether a Daybook answers there.
bool is_served(const std::string& url) try {
  return answer_of(url, "/version", kVersionBegins.size(), {}) == kVersionBegins;
} catch (const std::exception&) {
  return false;
}

// The process that answers there; nothing where that is no node.
std::optional<std::string> instance_at(const std::string& url, const std::stop_token& stop) try {
  const auto readiness = parse_readiness(answer_of(url, "/readyz", kLongestAnswer, stop));
  return readiness && readiness->node ? std::optional(readiness->node->instance) : std::nullopt;
} catch (const std::exception&) {
  return std::nullopt;
}

}  // namespace

NodeGroup::NodeGroup(eventstore::KafkaOptions kafka, const eventstore::AddressSeal& addresses, Self self,
                     const ServerLog& lines)
    : kafka_(std::move(kafka)), addresses_(addresses), self_(std::move(self)), lines_(lines) {}

std::vector<std::string> NodeGroup::others() const try {
  std::vector<std::string> urls;
  for (const eventstore::Member& member : eventstore::members_of(kafka_, addresses_)) {
    if (member.node_url.empty()) {
      lines_.warn("a member of the group of nodes does not have the keys/ of this log; it is not asked for anything");
    } else if (member.node_url != self_.url) {
      urls.push_back(member.node_url);
    }
  }
  return urls;
} catch (const std::exception& error) {
  lines_.warn(std::string("the other nodes are not known: ") + error.what());
  return {};
}

void NodeGroup::refuse_a_twin() const {
  if (!is_served(self_.url)) return;
  throw std::runtime_error("another server answers at " + self_.url +
                           " already; name in --node-url where the other nodes reach this one, and no other");
}

// What this node had when it ended it takes at once: nobody else is told to before Kafka misses it.
void NodeGroup::join(eventstore::Writers& writers) {
  std::set<std::uint32_t> own;
  for (std::uint32_t partition = 0; partition < writers.partition_count(); ++partition) {
    const auto claim = writers.of_partition(partition).last_claim();
    claims_before_.push_back(claim.epoch);
    if (claim.node_address == self_.url) own.insert(partition);
  }
  writers.assign(own);
  membership_ = std::make_unique<eventstore::Membership>(
      kafka_, addresses_,
      eventstore::Membership::Options{self_.url, [this, &writers](const std::set<std::uint32_t>& partitions) {
                                        lines_.info("Kafka's group of nodes gives this one " +
                                                    partitions_text(partitions));
                                        writers.assign(partitions);
                                      }});
  membership_->start();
  twin_watch_ = model::named_thread("twin-watch",
                                    [this, &writers](const std::stop_token& stop) { look_for_a_twin(writers, stop); });
}

// Since this node joined, another process has claimed a partition under its address.
bool NodeGroup::is_address_claimed(const eventstore::Writers& writers) const {
  for (std::uint32_t partition = 0; partition < writers.partition_count(); ++partition) {
    const auto claim = writers.of_partition(partition).last_claim();
    const bool is_new = claim.epoch != claims_before_.at(partition);
    if (is_new && !claim.is_own && claim.node_address == self_.url) return true;
  }
  return false;
}

// By its claims, or by asking who answers at this node's address. The former self of a node that starts again did
// neither.
void NodeGroup::look_for_a_twin(const eventstore::Writers& writers, const std::stop_token& stop) const {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  std::optional<std::string> answering;
  int looks = 0;
  int looks_since_line = kLooksBetweenLines;
  for (; !never.wait_for(lock, stop, kLookForATwin, [&] { return stop.stop_requested(); }); ++looks) {
    if (looks < kLooksBetweenLines || looks % kLooksBetweenLines == 0) answering = instance_at(self_.url, stop);
    const bool is_claimed = is_address_claimed(writers);
    const bool is_answered = answering && *answering != self_.instance.text();
    if (++looks_since_line <= kLooksBetweenLines || !(is_claimed || is_answered)) continue;
    looks_since_line = 0;
    lines_.error(std::string(is_claimed ? "another node has partitions" : "another node answers") +
                 " under the address of this one, " + self_.url +
                 ", so nobody reaches this one there; give each node a --node-url of its own");
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
