#include "cli/node.h"

#include <thread>

#include "api/problem.h"
#include "cli/clock_and_chance.h"
#include "cli/common_digests.h"
#include "cli/contract_files.h"
#include "cli/event_message.h"
#include "cli/half_copy.h"
#include "cli/node_metrics.h"
#include "cli/operator_key.h"
#include "cli/serve_options.h"
#include "cli/state_copy.h"
#include "eventstore/kafka/topic_rules.h"
#include "eventstore/master_key.h"

namespace daybook::cli {
namespace {

const api::Documents& contract() {
  static const api::Documents kDocuments = api::documents_of(contract_files());
  return kDocuments;
}

void make_data_directory(const std::filesystem::path& data) {
  std::filesystem::create_directories(data);
  std::filesystem::permissions(data, std::filesystem::perms::owner_all);
}

}  // namespace

Node::Node(NodeOptions options, const ServerLog& log) : options_(std::move(options)), log_lines_(log) {
  const std::filesystem::path& data = options_.data;
  refuse_half_copy(data);
  make_data_directory(data);
  options_.log.node_url = options_.node_url;
  log_ = std::make_unique<OpenLog>(data, options_.log, [this](const std::string& line) { log_lines_.warn(line); });
  eventstore::Log& records = log_->log();
  const bool is_empty = records.end(0) == 0;
  const eventstore::Key master = eventstore::load_or_create_master_key(data, is_empty);
  keyring_ = std::make_unique<eventstore::Keyring>(records, master);
  keyring_->workspace_key(model::WorkspaceId{});  // Another master key is refused now, and not at the first command.
  codec_ = std::make_unique<eventstore::CommitCodec>(*keyring_);
  const model::Uuid instance = random_id();
  if (!options_.node_url.empty()) {
    group_ = std::make_unique<NodeGroup>(options_.log.kafka, keyring_->addresses(),
                                         NodeGroup::Self{options_.node_url, instance}, log_lines_);
  }
  const std::string operator_key = load_or_create_operator_key(data / "operator.key");
  state_ = open_or_copy_state(
      {.directory = data / "state", .cache_bytes = options_.cache_bytes, .staging = data / "volatile" / "staging"},
      {[this] { return peers(); }, operator_key, options_.on_state_copy}, records, log_lines_);
  projector_ =
      std::make_unique<projections::Projector>(*state_, [this](const projections::Projector::Applied& applied) {
        for (const auto& workspace : applied.workspaces) {
          positions_.reached(workspace.id, workspace.last);
          if (consumers::Mailer* mailer = awake_mailer_) mailer->wake(workspace.id);
        }
        if (!publishers_are_awake_) return;
        for (const auto& publisher : publishers_) publisher->wake(applied);
      });
  eventstore::Writer::Options writing;
  writing.instance = instance;
  writing.clock_us = now_us;
  writing.random = random_number;
  writing.on_fatal = [this](const std::string& what) {
    log_lines_.error("the log failed: " + what + "; stopping, see the disk, or the brokers");
    failed_ = true;
  };
  writing.on_error = [this](const std::string& what) { log_lines_.error("a command could not be decided: " + what); };
  writing.on_warning = [this](const std::string& line) { log_lines_.warn(line); };
  writing.node_address = options_.node_url;
  writing.on_taken = [this](std::uint32_t partition, bool is_from_another) {
    duties_->take_on(partition, is_from_another);
  };
  writing.on_catch_up = options_.on_catch_up;
  writers_ = std::make_unique<eventstore::Writers>(records, *keyring_, *codec_, *projector_, writing);
  const auto wake_mails = [this] {
    if (consumers::Mailer* mailer = awake_mailer_) mailer->wake_all();
  };
  duties_ = std::make_unique<PartitionDuties>(
      PartitionDuties::Parts{*state_, *writers_, now_us, wake_mails,
                             [this](const model::Uuid& import) { return imports_->decided(import).has_value(); },
                             [this](const std::string& line) { log_lines_.warn(line); }});

  service_ = std::make_unique<api::Service>(api::Service{
      *state_, positions_, *writers_, nullptr, operator_key, eventstore::load_or_create_cursor_key(data, is_empty),
      eventstore::derive_key(master, "requests", {}), DAYBOOK_VERSION, now_us, random_id,
      [this] { return stopping_ || failed_; }, [this] { return leaving_ || failed_; }});
  const auto warn = [this](const std::string& line) { log_lines_.warn(line); };
  blobs_ = std::make_unique<eventstore::BlobStore>(data / "blobs", *keyring_);
  imports_ =
      std::make_unique<api::ImportDesk>(api::ImportDesk::Parts{*state_, *writers_, *blobs_, now_us, random_id, warn});
  service_->imports = imports_.get();
  checkpoints_ = std::make_unique<api::CheckpointDesk>(
      api::CheckpointDesk::Parts{*state_, records, data / "volatile" / "checkpoint", warn});
  service_->checkpoints = checkpoints_.get();
  if (group_) {
    api::ForwarderOptions forwarding;
    forwarding.node_url = service_->node_url = options_.node_url;
    service_->instance = instance;
    options_.common_settings["operator.key"] = operator_key;
    options_.common_settings["keys/cursor.key"] = service_->cursor_key.view();
    service_->digests = common_digests(master, options_.common_settings);
    forwarding.log = [this](std::string_view line) { log_lines_.warn(std::string(line)); };
    forwarding.on_failed = [this] { failed_ = true; };
    forwarder_ = std::make_unique<api::Forwarder>(forwarding);
    service_->forwarder = forwarder_.get();
  }
  api_ = std::make_unique<api::Api>(*service_);
  service_->write_more_metrics = [this](api::MetricsText& out) {
    write_metrics({*writers_, *state_, awake_mailer_.load(), publishers_, server_.get()}, out);
  };
  service_->contract = contract;
  if (!options_.events_topic.empty()) make_publishers();
}

Node::~Node() { stop(); }

// Those that are named, or else the other members of the group of nodes.
std::vector<std::string> Node::peers() const {
  return options_.peers.empty() && group_ ? group_->others() : options_.peers;
}

void Node::start() {
  if (group_) {
    writers_->follow();
  } else {
    writers_->start();
  }
  api::ServerOptions serving = options_.http;
  serving.spool_directory = options_.data / "volatile" / "uploads";
  serving.problem_writer = [this](unsigned, std::string_view code, std::string_view detail) {
    api_->figures().refused();
    const std::string request_id = random_id().text();
    api::Response response = api::problem(code, detail, request_id, "");
    response.set_header("X-Request-Id", request_id);
    return response;
  };
  serving.log = [this](std::string_view line) { log_lines_.warn(std::string(line)); };
  server_ = std::make_unique<api::Server>(
      serving, [this](std::shared_ptr<api::Exchange> exchange) { api_->handle(std::move(exchange)); },
      [this](const api::Request& head) { return api_->body_rule(head); });
  if (group_) {
    group_->refuse_a_twin();
  } else {
    duties_->take_on_all();
  }
  duties_->start();
  if (!publishers_.empty()) start_publishers();
  server_->start();
  if (group_) group_->join(*writers_);  // when it can start for certain, and listens for what others hand on
  start_mailer();
}

void Node::start_mailer() {
  transport_ = options_.mail;
  if (!transport_ && !options_.smtp_url.empty()) {
    transport_ = std::make_shared<consumers::SmtpTransport>(smtp_of(options_), mail_stop_.get_token());
  }
  if (!transport_) return;
  const std::string link = options_.public_url.empty() ? url() : options_.public_url;
  mailer_ = std::make_unique<consumers::Mailer>(
      *state_, *writers_, *transport_,
      consumers::Mailer::Options{.from = options_.mail_from,
                                 .public_url = link,
                                 .first_retry = options_.smtp_retry,
                                 .log = [this](const std::string& line) { log_lines_.warn(line); }});
  awake_mailer_ = mailer_.get();
  mailer_->start();
}

void Node::make_publishers() {
  eventstore::KafkaOptions kafka = options_.log.kafka;
  kafka.message_timeout = std::chrono::milliseconds(0);  // a message given up would leave a hole
  kafka.largest_message = eventstore::kLargestEventBytes;
  kafka.start_timeout = std::chrono::seconds(5);
  kafka.on_warning = [this](const std::string& line) { log_lines_.warn(line); };
  for (std::uint32_t partition = 0; partition < writers_->partition_count(); ++partition) {
    publishers_.push_back(std::make_unique<consumers::Publisher>(
        *state_, log_->log(), *writers_,
        consumers::Publisher::Options{.partition = partition,
                                      .topic = options_.events_topic,
                                      .retention = options_.events_retention,
                                      .kafka = kafka,
                                      .message_of = event_message,
                                      .clock_us = now_us,
                                      .log = [this](const std::string& line) { log_lines_.warn(line); }}));
  }
}

// A topic that is not as it must be stops the start; brokers that do not answer do not.
void Node::start_publishers() {
  try {
    publishers_.front()->prepare_topic();
  } catch (const eventstore::LogUnreachable& error) {
    log_lines_.warn(std::string("events are not published yet: ") + error.what());
  }
  publishers_are_awake_ = true;
  for (const auto& publisher : publishers_) publisher->start();
}

void Node::stop(std::chrono::seconds serving) {
  if (leaving_.exchange(true)) return;
  const auto serves_until = std::chrono::steady_clock::now() + serving;
  if (group_) {
    stop_mailer();  // while this node has its partitions: what it sent it can report, and the next one does not send it
    group_->leave(*writers_);
  }
  if (!failed_) std::this_thread::sleep_until(serves_until);
  stopping_ = true;
  if (server_) {
    server_->stop_accepting();
    checkpoints_->stop();
    server_->drain(std::chrono::steady_clock::now() + std::chrono::seconds(10));
  }
  if (forwarder_) forwarder_->stop();
  stop_mailer();
  for (const auto& publisher : publishers_) publisher->request_stop();
  for (const auto& publisher : publishers_) publisher->stop();
  imports_->stop();
  duties_->stop();
  writers_->stop();
  if (server_) server_->stop();
}

void Node::stop_mailer() {
  mail_stop_.request_stop();
  if (mailer_) mailer_->stop();
}

std::string Node::url() const { return url_of(options_.http.host, server_->port()); }

}  // namespace daybook::cli
