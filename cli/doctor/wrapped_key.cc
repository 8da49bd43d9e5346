#include "cli/doctor/wrapped_key.h"

#include <variant>

#include "cli/doctor/kafka.h"
#include "eventstore/embedded/embedded_log.h"
#include "eventstore/kafka/consumer.h"
#include "eventstore/kafka/key_row.h"
#include "eventstore/kafka/topic_admin.h"
#include "eventstore/keyring.h"

namespace daybook::cli {
namespace {

using eventstore::KafkaConsumer;
using eventstore::WrappedKey;

constexpr std::chrono::seconds kPatience{5};

std::optional<WrappedKey> workspace_key_in(const KafkaConsumer::Message& message) {
  const auto row = eventstore::read_key_row(message.key, message.value);
  const auto name = row && row->value ? eventstore::read_key_row_name(row->name) : std::nullopt;
  return name && name->subject.is_nil() ? std::optional(WrappedKey{row->name, *row->value}) : std::nullopt;
}

// The first one stands near the beginning: that of the system workspace.
std::optional<WrappedKey> first_on_kafka(const eventstore::KafkaOptions& kafka) {
  const std::string topic = kafka.keys_topic();
  if (!eventstore::TopicAdmin(kafka).describe(topic).exists) return std::nullopt;
  KafkaConsumer rows(kafka, topic, 0, 0);
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < deadline) {
    const auto event = rows.poll(std::chrono::milliseconds(200));
    if (std::holds_alternative<KafkaConsumer::End>(event)) return std::nullopt;
    const auto* message = std::get_if<KafkaConsumer::Message>(&event);
    if (message == nullptr) continue;
    if (auto key = workspace_key_in(*message)) return key;
  }
  return std::nullopt;
}

}  // namespace

std::optional<WrappedKey> wrapped_key_of(const NodeOptions& options, std::optional<long> holder) try {
  if (!std::filesystem::exists(options.data / "keys" / "master.key")) return std::nullopt;
  if (options.log.is_on_kafka) return first_on_kafka(impatient(options.log.kafka));
  if (holder) return std::nullopt;
  return eventstore::look_at_embedded_log(options.data / "log", high_water_of(options.data, options.log)).key;
} catch (const std::exception&) {
  return std::nullopt;
}

}  // namespace daybook::cli
