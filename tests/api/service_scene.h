#pragma once

#include <memory>
#include <semaphore>
#include <set>
#include <string>

#include "api/api.h"
#include "api/nodes/forwarder.h"
#include "eventstore/memory_log.h"
#include "eventstore/writers.h"
#include "projections/projector.h"
#include "tests/api/server/serving.h"
#include "tests/projections/writer_scene.h"

namespace daybook::api::test {

inline const std::string kOperatorKey = "dbo_operator";
inline const std::string kNodeUrl = "http://node.test:1";

/// Workspaces by where they live.
inline const model::WorkspaceId kOnFirst{*model::Uuid::from_bytes("first...........")};
inline const model::WorkspaceId kOnSecond{*model::Uuid::from_bytes("second........./")};

/// A node of a log with two partitions, in memory, and its server. It follows both, and has none before `own`.
class ServiceScene : public Serving {
 protected:
  ServiceScene();
  ~ServiceScene() override;

  /// Another node comes, and takes the first partition. Before `follow`.
  void let_another_node_have_the_first(const std::string& url);
  void follow() { writers_.follow(); }
  /// This node is to have these; returns once it has.
  void own(const std::set<std::uint32_t>& partitions);

  /// One request to the server, and its answer; the server is started by the first.
  std::string ask(const std::string& line, const std::string& fields = "", const std::string& body = "");
  std::string ask_as_operator(const std::string& line, const std::string& body = "");
  Client connected();

  /// A workspace that is registered, and has no commit of its own yet. This node has the first partition.
  void register_workspace(model::WorkspaceId workspace);
  eventstore::Outcome done(eventstore::Submission submission);
  std::uint64_t position_of(model::WorkspaceId workspace) const;

  eventstore::MemoryLog log_of_node_{2};
  std::unique_ptr<projections::test::WriterScene> other_;
  projections::test::Directory directory_;
  projections::StateStore state_;
  projections::Positions positions_;
  projections::Projector projector_;
  eventstore::Keyring keyring_;
  eventstore::CommitCodec codec_{keyring_};
  std::counting_semaphore<> taken_{0};
  eventstore::Writers writers_;
  Forwarder forwarder_;
  Service service_;
  Api api_;
};

}  // namespace daybook::api::test
