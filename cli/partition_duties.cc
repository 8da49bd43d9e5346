#include "cli/partition_duties.h"

#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <utility>

#include "api/imports/import_desk.h"
#include "api/registration.h"
#include "daybook/v1/workspace.pb.h"
#include "domain/store.h"
#include "model/named_thread.h"

namespace daybook::cli {
namespace {

constexpr std::chrono::seconds kLookAgain{30};
constexpr std::chrono::microseconds kBeingCreated{std::chrono::minutes(1)};

bool any(const model::Uuid&) { return true; }

}  // namespace

PartitionDuties::PartitionDuties(Parts parts) : parts_(std::move(parts)) {}

void PartitionDuties::for_each_workspace(const Visit& visit) const {
  const auto rows = parts_.state.rows(model::WorkspaceId{});
  domain::View(*rows, {}).for_each(domain::kind_of<v1::Tenant>(), [&](const model::Uuid& id, std::string_view record) {
    visit({id}, domain::meta_of(record).created_at());
    return true;
  });
}

bool PartitionDuties::is_left_over(std::int64_t registered_us) const {
  return registered_us < parts_.clock_us() - kBeingCreated.count();
}

// Imports that were running left nothing behind, and their records say that they failed.
void PartitionDuties::take_on(std::uint32_t partition, bool is_from_another) {
  for_each_workspace([&](model::WorkspaceId workspace, std::int64_t registered_us) {
    if (eventstore::partition_of(workspace, parts_.writers.partition_count()) != partition) return;
    if (is_left_over(registered_us)) api::begin_registered(workspace, parts_.state, parts_.writers);
    if (is_from_another) api::fail_forsaken_imports(workspace, parts_.state, parts_.writers, any);
  });
  parts_.wake_mails();
}

void PartitionDuties::take_on_all() {
  for_each_workspace([&](model::WorkspaceId workspace, std::int64_t) {
    api::begin_registered(workspace, parts_.state, parts_.writers);
    api::fail_forsaken_imports(workspace, parts_.state, parts_.writers, any);
  });
}

void PartitionDuties::finish_left_over() {
  std::set<model::Uuid> idle;
  const auto is_forsaken = [&](const model::Uuid& import) {
    return !parts_.is_importing(import) && idle.insert(import).second && idle_imports_.contains(import);
  };
  for_each_workspace([&](model::WorkspaceId workspace, std::int64_t registered_us) {
    if (!is_left_over(registered_us) || !parts_.writers.owns(workspace)) return;
    api::begin_registered(workspace, parts_.state, parts_.writers);
    api::fail_forsaken_imports(workspace, parts_.state, parts_.writers, is_forsaken);
  });
  idle_imports_ = std::move(idle);
}

void PartitionDuties::start() {
  thread_ = model::named_thread("duties", [this](const std::stop_token& stop) { run(stop); });
}

void PartitionDuties::stop() { thread_ = {}; }

void PartitionDuties::run(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  while (!never.wait_for(lock, stop, kLookAgain, [&] { return stop.stop_requested(); })) {
    try {
      finish_left_over();
    } catch (const std::exception& error) {
      parts_.warn(std::string("what was left half done is not finished yet: ") + error.what());
    }
  }
}

}  // namespace daybook::cli
