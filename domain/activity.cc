#include "domain/activity.h"

#include "daybook/v1/work.pb.h"
#include "domain/facts.h"

namespace daybook::domain {
namespace {

void fill(v1::Activity& activity, const View&, const Context& context) {
  const bool planned = activity.has_due_at() || activity.type() == v1::Activity::TYPE_TASK;
  if (!activity.has_occurred_at() && !planned) activity.set_occurred_at(context.time_us);
}

// A task outlives its contact (rule 6); every other activity is hidden with it.
model::OnDelete on_delete(std::string_view record, const model::Field& field) {
  const bool is_task = parse<v1::Activity>(record).type() == v1::Activity::TYPE_TASK;
  if (is_task && field.number == v1::Activity::kContactIdFieldNumber) return model::OnDelete::kSetNull;
  return field.on_delete;
}

template <typename M>
Result<Events> set_completed(bool completed, const model::Uuid& id, const View& view) {
  const auto record = find_live(kind_of<v1::Activity>(), id, view);
  if (!record) return std::unexpected(record.error());
  if (parse<v1::Activity>(*record).has_completed_at() == completed) return Events{};
  return Events{business_event(M{}, id, subject_of(id, *record))};
}

}  // namespace

// Found by event_types through their arguments, hence not in the unnamed namespace.
static void apply(const v1::ActivityCompleted&, const Event& event, Store& store) {
  v1::Activity change;
  change.set_completed_at(store.stamp().time_us);
  store.patch(kind_of<v1::Activity>(), event.id, change.SerializeAsString(), {});
}

static void apply(const v1::ActivityReopened&, const Event& event, Store& store) {
  store.patch(kind_of<v1::Activity>(), event.id, {}, {v1::Activity::kCompletedAtFieldNumber});
}

Result<Events> complete_activity(const model::Uuid& id, const View& view, const Context&) {
  return set_completed<v1::ActivityCompleted>(true, id, view);
}

Result<Events> reopen_activity(const model::Uuid& id, const View& view, const Context&) {
  return set_completed<v1::ActivityReopened>(false, id, view);
}

KindRules activity_rules() {
  return {.fill = typed(fill),
          .on_delete = on_delete,
          .events = event_types<v1::ActivityCompleted, v1::ActivityReopened>()};
}

}  // namespace daybook::domain
