#include "cli/example_workspace.h"

#include <stdexcept>
#include <utility>

#include "projections/commit_fold.h"

namespace daybook::cli {
namespace {

constexpr std::int64_t kStartUs = 1'767'258'000'000'000;  // 2026-01-01T09:00:00Z
constexpr std::int64_t kMinuteUs = 60'000'000;
constexpr const char* kTraceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
constexpr std::uint64_t kScatter = 0x9E3779B97F4A7C15;  // counted ids should not look like numbers

class CountedIds final : public domain::IdSource {
 public:
  explicit CountedIds(ExampleWorkspace& workspace) : workspace_(workspace) {}
  model::Uuid next() override { return workspace_.new_id(); }

 private:
  ExampleWorkspace& workspace_;
};

}  // namespace

ExampleWorkspace::ExampleWorkspace(Listener listener) : listener_(std::move(listener)), time_us_(kStartUs) {
  id_.value = new_id();
  actor_.kind = domain::Actor::Kind::kOperator;
}

model::Uuid ExampleWorkspace::new_id() {
  ++ids_;
  return model::Uuid::version7(time_us_ / 1000, ids_, ids_ * kScatter);
}

void ExampleWorkspace::acts(const domain::Actor& actor, const model::Uuid& member) {
  actor_ = actor;
  member_ = member;
}

domain::Events ExampleWorkspace::happen(std::string_view origin, const Decide& decide) {
  auto events = decided(origin, decide);
  if (!events) throw std::logic_error("the example is refused: " + events.error().code + ", " + events.error().detail);
  return std::move(*events);
}

bool ExampleWorkspace::may_happen(std::string_view origin, const Decide& decide) {
  const auto events = decided(origin, decide);
  return events && !events->empty();
}

domain::Result<domain::Events> ExampleWorkspace::decided(std::string_view origin, const Decide& decide) {
  CountedIds ids(*this);
  const domain::Context context{time_us_, new_id(), actor_, member_, ids};
  auto events = decide(view(), context);
  if (!events || events->empty()) return events;
  for (const domain::Event& event : *events) {
    first_positions_.try_emplace(event.name, next_position_ + static_cast<std::uint64_t>(&event - events->data()));
  }
  eventstore::OpenedCommit opened;
  opened.commit.workspace = id_;
  opened.commit.command = context.command;
  opened.commit.first_position = next_position_;
  opened.commit.time_us = time_us_;
  opened.commit.actor = actor_;
  opened.commit.origin = origin;
  opened.commit.traceparent = kTraceparent;
  opened.commit.events = *events;
  next_position_ += events->size();
  opened.after.next_position = next_position_;
  domain::LayerRows layer(rows_);
  projections::fold_commit(opened, layer);
  if (listener_) listener_(*events, layer.changes());
  domain::keep(layer.take(), rows_);
  time_us_ += kMinuteUs;
  return events;
}

}  // namespace daybook::cli
