#include "tests/api/service_scene.h"

#include <atomic>
#include <future>

#include "daybook/v1/workspace.pb.h"
#include "domain/workspace.h"

namespace daybook::api::test {
namespace {

constexpr std::int64_t kNowUs = 1'767'225'600'000'000;

eventstore::Key key_of(char fill) { return *eventstore::Key::from_bytes(std::string(eventstore::Key::kSize, fill)); }

eventstore::Writer::Options writing(std::counting_semaphore<>& taken) {
  eventstore::Writer::Options options;
  options.instance = *model::Uuid::from_bytes("this node.......");
  options.node_address = kNodeUrl;
  options.clock_us = [] { return kNowUs; };
  options.random = [next = std::make_shared<std::atomic<std::uint64_t>>(1)] { return next->fetch_add(1); };
  options.on_fatal = [](const std::string&) {};
  options.on_error = [](const std::string& what) { ADD_FAILURE() << what; };
  options.on_taken = [&taken](std::uint32_t, bool) { taken.release(); };
  options.give_way = std::chrono::milliseconds(0);
  return options;
}

ForwarderOptions forwarding(LogLine log) {
  ForwarderOptions options;
  options.node_url = kNodeUrl;
  options.log = std::move(log);
  return options;
}

}  // namespace

ServiceScene::ServiceScene()
    : state_({.directory = directory_.path() / "state",
              .cache_bytes = 8 << 20,
              .write_buffer_bytes = 4 << 20,
              .staging = directory_.path() / "staging"}),
      projector_(state_,
                 [this](const projections::Projector::Applied& applied) {
                   for (const auto& each : applied.workspaces) positions_.reached(each.id, each.last);
                 }),
      keyring_(log_of_node_, key_of('m')),
      writers_(log_of_node_, keyring_, codec_, projector_, writing(taken_)),
      forwarder_(forwarding(options_.log)),
      service_{.state = state_,
               .positions = positions_,
               .writers = writers_,
               .operator_key = kOperatorKey,
               .cursor_key = key_of('c'),
               .request_key = key_of('r'),
               .version = "1.0.0",
               .clock_us = [] { return kNowUs; },
               .random_id = [next = std::make_shared<std::atomic<std::uint32_t>>(
                                 1)] { return model::Uuid::version7(kNowUs / 1000, next->fetch_add(1), 7); },
               .is_stopping = [] { return false; },
               .is_leaving = [] { return false; },
               .forwarder = &forwarder_,
               .node_url = kNodeUrl},
      api_(service_) {
  log_of_node_.set_outlives_unknown();
  options_.spool_directory = directory_.path() / "uploads";
  handler_ = [this](std::shared_ptr<Exchange> exchange) { api_.handle(std::move(exchange)); };
  policy_ = [this](const Request& head) { return api_.body_rule(head); };
}

ServiceScene::~ServiceScene() {
  forwarder_.stop();
  if (server_) server_->stop();
  log_of_node_.resume(0);
  log_of_node_.resume(1);
  writers_.stop();
}

void ServiceScene::let_another_node_have_the_first(const std::string& url) {
  projections::test::WriterScene::Node node;
  node.log = &log_of_node_;
  node.instance = 'b';
  node.address = url;
  other_ = std::make_unique<projections::test::WriterScene>(node);
}

void ServiceScene::own(const std::set<std::uint32_t>& partitions) {
  writers_.assign(partitions);
  for (std::size_t taken = 0; taken < partitions.size(); ++taken) taken_.acquire();
}

Client ServiceScene::connected() {
  if (!server_) serve();
  return connect();
}

std::string ServiceScene::ask(const std::string& line, const std::string& fields, const std::string& body) {
  const std::string length = body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n";
  Client client = connected();
  client.send(line + " HTTP/1.1\r\nHost: node\r\n" + fields + length + "\r\n" + body);
  return client.read_answer();
}

std::string ServiceScene::ask_as_operator(const std::string& line, const std::string& body) {
  const std::string type = body.empty() ? "" : "Content-Type: application/json\r\n";
  return ask(line, "Authorization: Bearer " + kOperatorKey + "\r\n" + type, body);
}

void ServiceScene::register_workspace(model::WorkspaceId workspace) {
  v1::Tenant tenant;
  tenant.set_name("Acme");
  tenant.set_slug("acme");
  tenant.set_owner_name("Ann");
  tenant.set_owner_id(std::string(model::Uuid::from_bytes("owner...........")->view()));
  eventstore::Submission submission;
  submission.decide = [&](const domain::View& view,
                          const domain::Context& context) -> domain::Result<eventstore::Decision> {
    auto events = domain::register_tenant(workspace.value, tenant.SerializeAsString(), view, context);
    if (!events) return std::unexpected(std::move(events.error()));
    return eventstore::Decision{std::move(*events), {}};
  };
  ASSERT_EQ(done(std::move(submission)).kind, eventstore::Outcome::Kind::kCommitted);
}

eventstore::Outcome ServiceScene::done(eventstore::Submission submission) {
  std::promise<eventstore::Outcome> outcome;
  submission.done = [&](eventstore::Outcome what) { outcome.set_value(std::move(what)); };
  writers_.submit(std::move(submission));
  return outcome.get_future().get();
}

std::uint64_t ServiceScene::position_of(model::WorkspaceId workspace) const {
  return projections::read_head(*state_.rows(workspace)).last_position();
}

}  // namespace daybook::api::test
