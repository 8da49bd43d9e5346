#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "api/api.h"
#include "api/checkpoint_desk.h"
#include "api/imports/import_desk.h"
#include "api/nodes/forwarder.h"
#include "api/server/server.h"
#include "cli/node_group.h"
#include "cli/open_log.h"
#include "cli/partition_duties.h"
#include "cli/server_log.h"
#include "consumers/mail/transport.h"
#include "consumers/mailer.h"
#include "consumers/publisher/publisher.h"
#include "eventstore/blob_store.h"
#include "projections/projector.h"

namespace daybook::cli {

/// What a node is told; serve_options.h has what `daybook serve` is told beside it.
struct NodeOptions {
  std::filesystem::path data;
  api::ServerOptions http{};  // where to listen, and its limits
  LogChoice log{};
  std::string events_topic;               // of Kafka, for the public events; empty: they are not published
  std::chrono::hours events_retention{};  // of that topic
  std::string smtp_url;                   // empty: mails stay queued
  std::string smtp_tls = "required";
  std::string smtp_ca;                 // PEM file; empty: the system's certificate authorities
  std::chrono::seconds smtp_retry{5};  // before a mail is tried again; doubles up to ten minutes
  std::string mail_from = "daybook@localhost";
  std::string public_url;  // empty: the address listened to
  std::string node_url;    // where the other nodes on this log reach this one; empty: it is the only one
  std::map<std::string, std::string> common_settings;  // by name: what all nodes on this log need the same of
  std::size_t cache_bytes = 256 << 20;
  std::chrono::seconds stop_after{};               // for which it serves on when it is told to stop
  std::shared_ptr<consumers::MailTransport> mail;  // in place of SMTP: the demo shows its mails
  std::vector<std::string> peers;  // URLs of other nodes of the log, asked in order for the first read models
  std::function<void(std::uint64_t bytes)> on_state_copy{};  // while these come, several times a second
  std::function<void(std::uint64_t applied, std::uint64_t end)> on_catch_up{};  // while a start reads the log
};

/// One running Daybook: log, writers, read models, HTTP server, mailer and publisher over one data directory.
class Node {
 public:
  /// Opens everything; nothing is served yet. Throws with a remedy where the directory cannot be used. The log outlives
  /// the node.
  Node(NodeOptions options, const ServerLog& log);
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  /// Catches up with the log and listens. After this `/readyz` answers 200.
  void start();
  /// Not ready, and it serves on for that long; of several nodes, the others take over what this one has. Then no new
  /// connections, what runs is finished, and everything is flushed and closed.
  void stop(std::chrono::seconds serving = {});

  std::string url() const;
  const std::string& operator_key() const { return service_->operator_key; }
  /// Set when the log failed: the process should end.
  const std::atomic<bool>& failed() const { return failed_; }

 private:
  void start_mailer();
  void stop_mailer();
  void make_publishers();
  void start_publishers();
  std::vector<std::string> peers() const;

  NodeOptions options_;
  const ServerLog& log_lines_;
  std::atomic<bool> failed_ = false;
  std::atomic<bool> leaving_ = false;   // no load balancer is to send more
  std::atomic<bool> stopping_ = false;  // what is long ends
  std::stop_source mail_stop_;          // ends a sending that waits for its server
  // What the projector's thread wakes, once it is there.
  std::atomic<consumers::Mailer*> awake_mailer_ = nullptr;
  std::atomic<bool> publishers_are_awake_ = false;

  std::unique_ptr<OpenLog> log_;
  std::unique_ptr<eventstore::Keyring> keyring_;
  std::unique_ptr<eventstore::CommitCodec> codec_;
  std::unique_ptr<NodeGroup> group_;  // of one node of several
  std::unique_ptr<projections::StateStore> state_;
  projections::Positions positions_;
  std::unique_ptr<projections::Projector> projector_;
  std::unique_ptr<eventstore::Writers> writers_;
  std::unique_ptr<PartitionDuties> duties_;
  std::unique_ptr<eventstore::BlobStore> blobs_;
  std::unique_ptr<api::ImportDesk> imports_;
  std::unique_ptr<api::CheckpointDesk> checkpoints_;
  std::shared_ptr<consumers::MailTransport> transport_;
  std::unique_ptr<consumers::Mailer> mailer_;
  std::vector<std::unique_ptr<consumers::Publisher>> publishers_;  // one for each partition
  std::unique_ptr<api::Service> service_;
  std::unique_ptr<api::Api> api_;
  std::unique_ptr<api::Forwarder> forwarder_;  // of one node of several
  std::unique_ptr<api::Server> server_;
};

}  // namespace daybook::cli
