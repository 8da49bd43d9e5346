#include "cli/event_message.h"

#include "api/event_json.h"
#include "eventstore/kafka/topic_rules.h"

namespace daybook::cli {
namespace {

constexpr std::size_t kLargestData = eventstore::kLargestEventBytes - (64 << 10);  // beside it key, headers, framing

std::string header_of(std::string_view attribute) {
  return attribute == "datacontenttype" ? "content-type" : "ce_" + std::string(attribute);
}

}  // namespace

std::optional<eventstore::TopicMessage> event_message(const domain::RowReader& rows, model::WorkspaceId workspace,
                                                      std::uint64_t position) {
  const auto entry = projections::audit_entry(rows, position);
  if (!entry) return std::nullopt;
  api::CloudEvent event = api::cloud_event(rows, workspace, *entry);
  eventstore::TopicMessage message{workspace.value.text(), std::move(event.data), {}};
  for (auto& [name, value] : event.attributes) message.headers.emplace_back(header_of(name), std::move(value));
  if (message.value.size() > kLargestData) {
    message.value.clear();
    message.headers.emplace_back("ce_dataref", "/v1/events?limit=1&after=" + std::to_string(position - 1));
  }
  return message;
}

}  // namespace daybook::cli
