#include "cli/contract_samples.h"

#include <nlohmann/json.hpp>

#include "api/event_json.h"
#include "cli/event_message.h"
#include "cli/example_facts.h"
#include "cli/example_history.h"
#include "cli/public_events.h"

namespace daybook::cli {
namespace {

using nlohmann::ordered_json;

std::string headers_of(const eventstore::TopicMessage& message) {
  ordered_json headers;
  for (const auto& [name, value] : message.headers) headers[name] = value;
  return ordered_json{{"key", message.key}, {"headers", std::move(headers)}}.dump(2) + "\n";
}

}  // namespace

std::map<std::string, std::string> contract_samples() {
  ExampleWorkspace workspace;
  tell_history(workspace);
  add_missing_events(workspace);
  std::map<std::string, std::string> samples;
  for (const PublicEvent& event : public_events()) {
    const std::uint64_t position = workspace.first_positions().at(event.name);
    const auto message = event_message(workspace.rows(), workspace.id(), position).value();
    const auto entry = projections::audit_entry(workspace.rows(), position).value();
    samples[event.type() + ".headers.json"] = headers_of(message);
    samples[event.type() + ".value.json"] = message.value;
    samples[event.type() + ".event.json"] = api::event_json(workspace.rows(), workspace.id(), entry);
  }
  return samples;
}

}  // namespace daybook::cli
