#include "eventstore/kafka/last_owner.h"

#include <algorithm>
#include <variant>

#include "eventstore/codec_record.h"
#include "eventstore/kafka/consumer.h"

namespace daybook::eventstore {
namespace {

constexpr std::uint64_t kLastRecords = 32;
constexpr std::size_t kLongestShown = 200;  // of an address that nobody vouches for

// The messages from an offset on, until `on_message` says that it has enough, or there are no more.
void read_from(const KafkaOptions& kafka, std::uint32_t partition, std::uint64_t offset,
               const std::function<bool(const KafkaConsumer::Message& message)>& on_message) {
  KafkaConsumer messages(kafka, kafka.records_topic(), partition, offset);
  const auto deadline = std::chrono::steady_clock::now() + kafka.start_timeout;
  while (std::chrono::steady_clock::now() < deadline) {
    const auto event = messages.poll(kafka.start_timeout);
    if (std::holds_alternative<KafkaConsumer::End>(event)) return;
    const auto* message = std::get_if<KafkaConsumer::Message>(&event);
    if (message != nullptr && on_message(*message)) return;
  }
}

std::optional<Fence> fence_of(const Record& record) {
  if (const auto* commit = std::get_if<CommitRecord>(&record)) return commit->fence;
  if (const auto* part = std::get_if<PartRecord>(&record)) return part->fence;
  if (const auto* moved = std::get_if<MovedRecord>(&record)) return moved->fence;
  return std::nullopt;
}

// Where the claim stands that counts at the end: whoever writes names his, and each claim names the one before.
std::optional<std::uint64_t> last_epoch(const KafkaOptions& kafka, std::uint32_t partition) {
  std::optional<std::uint64_t> epoch;
  const std::uint64_t end = end_of(kafka, kafka.records_topic(), partition);
  if (end == 0) return std::nullopt;
  read_from(kafka, partition, end - std::min(end, kLastRecords), [&](const KafkaConsumer::Message& message) {
    const auto record = read_record(message.value.value_or(""));
    if (!record) return false;
    if (const auto fence = fence_of(*record)) epoch = std::max(epoch.value_or(0), fence->epoch);
    const auto* claim = std::get_if<ClaimRecord>(&*record);
    if (claim != nullptr && (!epoch || claim->previous_epoch == epoch)) epoch = message.offset;
    return message.offset + 1 >= end;
  });
  return epoch;
}

}  // namespace

std::optional<LastOwner> last_owner_of(const KafkaOptions& kafka, std::uint32_t partition,
                                       const AddressSeal& addresses) {
  const auto epoch = last_epoch(kafka, partition);
  if (!epoch) return std::nullopt;
  std::optional<LastOwner> owner;
  read_from(kafka, partition, *epoch, [&](const KafkaConsumer::Message& message) {
    const auto record = read_record(message.value.value_or(""));
    const auto* claim = record ? std::get_if<ClaimRecord>(&*record) : nullptr;
    if (claim == nullptr || message.offset != *epoch) return true;
    owner = LastOwner{addresses.checked(claim->node_address, claim->address_mac), {}};
    if (owner->node_url.empty()) owner->claimed_url = claim->node_address.substr(0, kLongestShown);
    return true;
  });
  return owner;
}

}  // namespace daybook::eventstore
