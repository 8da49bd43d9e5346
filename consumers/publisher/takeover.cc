#include "consumers/publisher/takeover.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "domain/publication.h"
#include "eventstore/codec_record.h"
#include "eventstore/kafka/consumer.h"
#include "eventstore/writers.h"
#include "projections/projector.h"

namespace daybook::consumers {
namespace {

constexpr std::chrono::milliseconds kPatience{100};
constexpr std::chrono::minutes kClocksDiffer{1};

std::optional<std::uint64_t> sequence_of(const eventstore::Headers& headers) {
  const auto header = std::ranges::find(headers, "ce_sequence", &eventstore::Headers::value_type::first);
  if (header == headers.end()) return std::nullopt;
  std::uint64_t sequence = 0;
  const char* end = header->second.data() + header->second.size();
  const auto [stop, error] = std::from_chars(header->second.data(), end, sequence);
  if (error != std::errc() || stop != end) return std::nullopt;
  return sequence;
}

}  // namespace

void Takeover::run(std::uint32_t topic_partitions, Backlog& backlog) {
  const model::WorkspaceId workspace = eventstore::workspace_of_partition(parts_.partition);
  const auto rows = parts_.state.rows(workspace);
  auto last = domain::find_publication(parts_.topic, domain::View(*rows, workspace));
  if (last && last->log() != parts_.log_id.view()) last.reset();
  add_since(last ? static_cast<std::uint64_t>(last->log_offset()) : 0, backlog);
  for (std::uint32_t partition = 0; partition < topic_partitions; ++partition) {
    const std::uint64_t from = last ? eventstore::first_since(parts_.kafka, parts_.topic, partition,
                                                              std::chrono::milliseconds(last->marked_at() / 1000) -
                                                                  std::chrono::milliseconds(kClocksDiffer))
                                    : eventstore::begin_of(parts_.kafka, parts_.topic, partition);
    strike_out(partition, from, backlog);
  }
}

// What is appended after this began is told by the projector.
void Takeover::add_since(std::uint64_t log_offset, Backlog& backlog) {
  const std::uint64_t end = parts_.state.position(parts_.partition).next_offset;
  std::map<model::WorkspaceId, std::uint64_t> firsts;
  const auto reader = parts_.log.read(parts_.partition, log_offset);
  for (std::uint64_t offset = log_offset; offset < end && !parts_.is_stopped();) {
    const auto record = reader->next(kPatience);
    if (!record) continue;
    offset = record->offset + 1;
    if (record->offset >= end) break;
    const auto read = eventstore::read_record(record->bytes);
    const auto* commit = read ? std::get_if<eventstore::CommitRecord>(&*read) : nullptr;
    const auto header = commit != nullptr ? eventstore::read_header(commit->header) : std::unexpected(std::string());
    if (!header || eventstore::is_of_partition(header->workspace) || header->event_count == 0) continue;
    const auto [known, is_new] = firsts.try_emplace(header->workspace, header->first_position);
    if (!is_new) known->second = std::min(known->second, header->first_position);
  }
  for (const auto& [workspace, first] : firsts) add_from(workspace, first, backlog);
}

// Up to the last event that can be read; of those that come later the projector tells.
void Takeover::add_from(model::WorkspaceId workspace, std::uint64_t first, Backlog& backlog) {
  const std::uint64_t last = projections::read_head(*parts_.state.rows(workspace)).last_position();
  if (first <= last) backlog.add(workspace, first, last);
}

void Takeover::strike_out(std::uint32_t partition, std::uint64_t from, Backlog& backlog) {
  const std::uint64_t end = eventstore::end_of(parts_.kafka, parts_.topic, partition);
  if (from >= end) return;
  eventstore::KafkaConsumer tail(parts_.kafka, parts_.topic, partition, from);
  auto deadline = std::chrono::steady_clock::now() + parts_.kafka.start_timeout;
  while (!parts_.is_stopped()) {
    const auto event = tail.poll(kPatience);
    if (const auto* message = std::get_if<eventstore::KafkaConsumer::Message>(&event)) {
      const auto workspace = model::Uuid::parse(message->key);
      const auto sequence = sequence_of(message->headers);
      if (workspace && sequence) backlog.found({*workspace}, *sequence);
      if (message->offset + 1 >= end) return;
      deadline = std::chrono::steady_clock::now() + parts_.kafka.start_timeout;
    } else if (std::holds_alternative<eventstore::KafkaConsumer::End>(event)) {
      return;
    } else if (std::chrono::steady_clock::now() > deadline) {
      throw eventstore::LogUnreachable(
          eventstore::unreachable_text(parts_.kafka, "topic " + parts_.topic + " is not handed out"));
    }
  }
}

}  // namespace daybook::consumers
