#include "cli/node_metrics.h"

#include <algorithm>
#include <array>

namespace daybook::cli {
namespace {

// By Outcome::Kind.
constexpr std::array<std::string_view, eventstore::Outcome::kKinds> kOutcomes{
    "committed", "unchanged", "replayed", "dry_run", "rejected", "unavailable", "disk_full", "unknown"};

void write_writer(const eventstore::WriterFigures& figures, api::MetricsText& out) {
  using Type = api::MetricsText::Type;
  out.begin("daybook_commands_total", Type::kCounter, "Commands by what became of them.");
  for (std::size_t i = 0; i < figures.outcomes.size(); ++i) {
    out.sample(figures.outcomes[i], {{"outcome", kOutcomes.at(i)}});
  }
  out.begin("daybook_append_to_apply_seconds", Type::kHistogram, "From the append of a commit until it is applied.");
  out.histogram(figures.append_to_apply, 1e-6);
  out.begin("daybook_applied_batch_records", Type::kHistogram, "Records of the log that were applied in one write.");
  out.histogram(figures.applied_batch, 1);
  out.gauge("daybook_writer_queue", "Commands waiting to be decided.", figures.queued);
  out.gauge("daybook_writer_pending", "Commands decided and not yet applied.", figures.pending);
  out.gauge("daybook_log_end_offset", "The offset after the last record of the log.", figures.log_end);
  out.gauge("daybook_applied_offset", "The offset up to which records are applied.", figures.applied_offset);
  out.gauge("daybook_damaged_workspaces", "Workspaces that are stopped because their history does not fit together.",
            figures.damaged_workspaces);
  out.gauge("daybook_log_healthy", "1 while the log takes records.", figures.health == eventstore::Health::kOk ? 1 : 0);
}

// Which node has which partition, and how far this one is behind.
void write_partitions(const eventstore::Writers& writers, api::MetricsText& out) {
  using Type = api::MetricsText::Type;
  const auto each = [&](const auto& value) {
    for (std::uint32_t partition = 0; partition < writers.partition_count(); ++partition) {
      out.sample(value(writers.of_partition(partition).figures()), {{"partition", std::to_string(partition)}});
    }
  };
  out.begin("daybook_partition_owned", Type::kGauge, "1 where this node has the partition and takes its commands.");
  each([](const eventstore::WriterFigures& figures) -> std::uint64_t { return figures.takes_commands ? 1 : 0; });
  out.begin("daybook_partition_lag_records", Type::kGauge, "Records of the partition that are not applied here yet.");
  each([](const eventstore::WriterFigures& figures) {
    return figures.log_end - std::min(figures.applied_offset, figures.log_end);
  });
}

void write_mails(const consumers::Mailer::Figures& figures, api::MetricsText& out) {
  out.begin("daybook_mails_total", api::MetricsText::Type::kCounter, "Attempts to mail, by what became of them.");
  out.sample(figures.sent, {{"outcome", "sent"}});
  out.sample(figures.failed, {{"outcome", "failed"}});
  out.sample(figures.retried, {{"outcome", "retried"}});
}

void write_publishers(std::span<const std::unique_ptr<consumers::Publisher>> publishers, api::MetricsText& out) {
  using Type = api::MetricsText::Type;
  const auto samples = [&](std::uint64_t consumers::Publisher::Figures::* figure) {
    for (std::size_t i = 0; i < publishers.size(); ++i) {
      out.sample(publishers[i]->figures().*figure, {{"partition", std::to_string(i)}});
    }
  };
  out.begin("daybook_published_events_total", Type::kCounter, "Public events that Kafka has acknowledged.");
  samples(&consumers::Publisher::Figures::published);
  out.begin("daybook_publisher_lag_events", Type::kGauge, "Public events that Kafka has not acknowledged yet.");
  samples(&consumers::Publisher::Figures::lag);
  out.begin("daybook_publisher_log_offset", Type::kGauge,
            "The offset of the partition before which all is published, as last reported.");
  samples(&consumers::Publisher::Figures::log_offset);
}

}  // namespace

void write_metrics(const NodeParts& parts, api::MetricsText& out) {
  write_writer(parts.writers.figures(), out);
  write_partitions(parts.writers, out);
  if (parts.mailer != nullptr) write_mails(parts.mailer->figures(), out);
  if (!parts.publishers.empty()) write_publishers(parts.publishers, out);
  if (parts.server != nullptr) out.gauge("daybook_connections", "Connections open now.", parts.server->connections());
  const auto state = parts.state.figures();
  out.gauge("daybook_state_memtable_bytes", "Memory of rows not yet in files.", state.memtable_bytes);
  out.gauge("daybook_state_cache_bytes", "Memory of the block cache in use.", state.cache_bytes);
  out.gauge("daybook_state_table_reader_bytes", "Memory of open files.", state.table_reader_bytes);
}

}  // namespace daybook::cli
