#include "domain/stages.h"

#include <algorithm>
#include <set>

#include "domain/deal.h"
#include "domain/deletion.h"
#include "domain/draft.h"
#include "domain/pipeline.h"
#include "model/row_key.h"

namespace daybook::domain {
namespace {

constexpr std::size_t kMostMoved = 5'000;

const model::Kind& pipelines() { return kind_of<v1::Pipeline>(); }

// Deals of the pipeline in the stage, live or deleted ones, until `visit` has seen enough.
void for_each_deal(const model::Uuid& pipeline, std::string_view stage, const View& view,
                   const std::function<bool(const model::Uuid&, bool deleted)>& visit) {
  const model::Kind& deals = kind_of<v1::Deal>();
  const model::Field& field = *deals.message->field(std::uint32_t{v1::Deal::kStageFieldNumber});
  view.for_each_posting(deals, field, model::ordered_text(stage), [&](const model::Uuid& id) {
    const auto record = view.record(deals, id);
    if (!record || model::get_uuid(*record, v1::Deal::kPipelineIdFieldNumber) != pipeline) return true;
    if (model::get_bytes(*record, v1::Deal::kStageFieldNumber) != stage) return true;
    return visit(id, is_deleted(*record));
  });
}

bool has_deals(const model::Uuid& pipeline, std::string_view stage, const View& view, bool deleted_too) {
  bool found = false;
  for_each_deal(pipeline, stage, view, [&](const model::Uuid&, bool deleted) {
    found = deleted_too || !deleted;
    return !found;
  });
  return found;
}

std::unexpected<Rejection> in_use(const std::string& stage) {
  return reject("stage_in_use",
                "Deals stand in the stage " + stage + "; remove it with a replacement, or move them first.");
}

std::vector<FieldError> repeated_keys(const v1::SetStages& command) {
  std::vector<FieldError> errors;
  std::set<std::string> seen;
  for (int i = 0; i < command.stages_size(); ++i) {
    if (seen.insert(command.stages(i).key()).second) continue;
    errors.push_back({"/stages/" + std::to_string(i) + "/key", "invalid_value", "Another stage has this key."});
  }
  return errors;
}

// A deleted deal that comes back finds its stage: one that is still named is archived instead of dropped.
void keep_archived(v1::Stage stage, const model::Uuid& pipeline, const View& view, v1::Pipeline& after) {
  if (!has_deals(pipeline, stage.key(), view, true)) return;
  stage.set_archived(true);
  *after.add_stages() = std::move(stage);
}

Result<Events> with_stages(const model::Uuid& id, const v1::Pipeline& stages, const View& view) {
  v1::Pipeline set;
  *set.mutable_stages() = stages.stages();
  return update(pipelines(), id, {set.SerializeAsString(), {}}, view);
}

Result<Events> move_all(const model::Uuid& pipeline, const std::string& from, const std::string& to, const View& view,
                        const Context& context) {
  std::vector<std::string> ids;
  for_each_deal(pipeline, from, view, [&](const model::Uuid& deal, bool deleted) {
    if (!deleted) ids.push_back(deal.text());
    return ids.size() <= kMostMoved;
  });
  if (ids.size() > kMostMoved) {
    return reject("too_large", "More than 5,000 deals stand in the stage; move them in smaller steps first.");
  }
  v1::MoveDeal move;
  move.set_stage(to);
  auto moved = move_deals(ids, move, context.ids.next(), view, context);
  if (!moved) return std::unexpected(std::move(moved.error()));
  return std::move(moved->events);
}

}  // namespace

Result<Events> set_stages(const model::Uuid& id, const v1::SetStages& command, const View& view, const Context&) {
  const auto record = find_live(pipelines(), id, view);
  if (!record) return std::unexpected(record.error());
  if (command.stages().empty()) return invalid("/stages", "required", "A pipeline has at least one stage.");
  if (auto errors = repeated_keys(command); !errors.empty()) return invalid(std::move(errors));
  v1::Pipeline after;
  for (const v1::StageSettings& wish : command.stages())
    *after.add_stages() = parse<v1::Stage>(wish.SerializeAsString());
  const auto before = parse<v1::Pipeline>(*record);
  for (const v1::Stage& old : before.stages()) {
    const auto same = std::find_if(after.stages().begin(), after.stages().end(),
                                   [&](const v1::Stage& stage) { return stage.key() == old.key(); });
    const bool goes = same == after.stages().end();
    if (!goes && same->kind() == old.kind()) continue;
    if (has_deals(id, old.key(), view, !goes)) return in_use(old.key());
    if (goes) keep_archived(old, id, view, after);
  }
  return with_stages(id, after, view);
}

Result<Events> remove_stage(const model::Uuid& id, std::string_view key, const std::optional<std::string>& replacement,
                            const View& view, const Context& context) {
  const auto record = find_live(pipelines(), id, view);
  if (!record) return std::unexpected(record.error());
  const auto before = parse<v1::Pipeline>(*record);
  const v1::Stage* going = find_stage(before, key);
  if (going == nullptr || going->key() != key) return not_found("stage");
  const v1::Stage* other = replacement ? find_stage(before, *replacement) : nullptr;
  if (replacement && (other == nullptr || other == going)) {
    const std::string detail = "replacement names another stage of the pipeline.";
    return std::unexpected(Rejection{"invalid_parameter", detail, {{"replacement", "invalid_parameter", detail}}});
  }
  Draft draft(view, context);
  if (other != nullptr) {
    const auto moved = move_all(id, going->key(), other->key(), view, context);
    if (!moved) return std::unexpected(moved.error());
    draft.add(*moved);
  } else if (has_deals(id, key, view, false)) {
    return in_use(going->key());
  }
  v1::Pipeline after;
  for (const v1::Stage& stage : before.stages()) {
    if (&stage != going) *after.add_stages() = stage;
  }
  const bool none_left = std::all_of(after.stages().begin(), after.stages().end(),
                                     [](const v1::Stage& stage) { return stage.archived(); });
  if (none_left) return reject("stage_in_use", "The last stage of a pipeline stays.");
  keep_archived(*going, id, draft.view(), after);
  const auto updated = with_stages(id, after, draft.view());
  if (!updated) return std::unexpected(updated.error());
  draft.add(*updated);
  return draft.take();
}

Result<Events> remove_pipeline(const model::Uuid& id, const View& view, const Context& context) {
  auto events = remove(pipelines(), id, view, context);
  if (!events || events->empty()) return events;
  bool has_other = false;
  view.for_each(pipelines(), [&](const model::Uuid& other, std::string_view record) {
    has_other = other != id && !is_deleted(record);
    return !has_other;
  });
  if (!has_other) return reject("in_use", "The last pipeline stays: deals need one.");
  return events;
}

}  // namespace daybook::domain
