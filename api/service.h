#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "api/documents.h"
#include "api/router.h"
#include "eventstore/seal.h"
#include "eventstore/writers.h"
#include "projections/positions.h"
#include "projections/state_store.h"

namespace daybook::api {

class CheckpointDesk;
class Forwarder;
class HttpFigures;
class ImportDesk;
class MetricsText;

/// What every route works with; made by the composition root, outlives the server. Thread-safe as its parts are.
struct Service {
  projections::StateStore& state;
  projections::Positions& positions;
  eventstore::Writers& writers;
  const Router* router = nullptr;  // set once the routes are made
  std::string operator_key;        // dbo_…
  eventstore::Key cursor_key;
  eventstore::Key request_key;  // for keyed hashes of requests and idempotency keys
  std::string version;
  std::function<std::int64_t()> clock_us;
  std::function<model::Uuid()> random_id;
  std::function<bool()> is_stopping;  // what is long ends
  std::function<bool()> is_leaving;   // no load balancer is to send more; what comes is still served
  ImportDesk* imports = nullptr;
  Forwarder* forwarder = nullptr;                   // to other nodes; nullptr: this server is the only one
  std::string node_url = {};                        // of this node, as the others know it
  model::Uuid instance = {};                        // of this process
  std::map<std::string, std::string> digests = {};  // of what all nodes must have in common, by its name
  CheckpointDesk* checkpoints = nullptr;
  HttpFigures* http = nullptr;                                // set with the router
  std::function<void(MetricsText&)> write_more_metrics = {};  // of parts that routes do not see
  std::function<const Documents&()> contract = {};            // of the public events; made when it is first asked for
};

}  // namespace daybook::api
