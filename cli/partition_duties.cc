#include "cli/partition_duties.h"

#include <condition_variable>
#include <mutex>
#include <utility>

#include "api/imports/import_desk.h"
#include "api/registration.h"
#include "daybook/v1/workspace.pb.h"
#include "domain/store.h"

namespace daybook::cli {
namespace {

constexpr std::chrono::seconds kBeginAgain{30};

}  // namespace

PartitionDuties::PartitionDuties(Parts parts) : parts_(std::move(parts)) {}

void PartitionDuties::for_each_workspace(std::uint32_t partition,
                                         const std::function<void(model::WorkspaceId)>& visit) const {
  const auto rows = parts_.state.rows(model::WorkspaceId{});
  domain::View(*rows, {}).for_each(domain::kind_of<v1::Tenant>(), [&](const model::Uuid& id, std::string_view) {
    const model::WorkspaceId workspace{id};
    if (eventstore::partition_of(workspace, parts_.writers.partition_count()) == partition) visit(workspace);
    return true;
  });
}

// Workspaces that were only just registered begin; imports that were running left nothing behind, and their records say
// that they failed.
void PartitionDuties::take_on(std::uint32_t partition, bool is_from_another) {
  for_each_workspace(partition, [&](model::WorkspaceId workspace) {
    api::begin_registered(workspace, parts_.state, parts_.writers);
    if (is_from_another) api::fail_unfinished_imports(workspace, parts_.state, parts_.writers);
  });
  parts_.wake_mails();
}

void PartitionDuties::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void PartitionDuties::stop() { thread_ = {}; }

void PartitionDuties::run(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  while (!never.wait_for(lock, stop, kBeginAgain, [&] { return stop.stop_requested(); })) {
    for (std::uint32_t partition = 0; partition < parts_.writers.partition_count(); ++partition) {
      if (!parts_.writers.of_partition(partition).is_owner()) continue;
      for_each_workspace(partition,
                         [&](model::WorkspaceId id) { api::begin_registered(id, parts_.state, parts_.writers); });
    }
  }
}

}  // namespace daybook::cli
