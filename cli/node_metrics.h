#pragma once

#include <memory>
#include <span>

#include "api/metrics/metrics_text.h"
#include "api/server/server.h"
#include "consumers/mailer.h"
#include "consumers/publisher/publisher.h"
#include "eventstore/writers.h"
#include "projections/state_store.h"

namespace daybook::cli {

/// What /metrics says beside the routes: writers, log, mails, public events, connections, memory of the state. Parts
/// that are not running are nullptr and left out.
struct NodeParts {
  const eventstore::Writers& writers;
  const projections::StateStore& state;
  const consumers::Mailer* mailer = nullptr;
  std::span<const std::unique_ptr<consumers::Publisher>> publishers;  // one for each partition
  const api::Server* server = nullptr;
};
void write_metrics(const NodeParts& parts, api::MetricsText& out);

}  // namespace daybook::cli
