#include "domain/deal.h"

#include "domain/email.h"
#include "domain/facts.h"
#include "domain/patch_fields.h"
#include "domain/pipeline.h"
#include "domain/workspace.h"
#include "model/text.h"

namespace daybook::domain {
namespace {

void normalise(v1::Deal& deal, const View&) {
  if (deal.has_title()) deal.set_sort_name(model::fold(deal.title()));
}

void check_update(const v1::Deal& deal, const View&, std::vector<FieldError>& errors) {
  if (deal.value() < 0) errors.push_back({"/value", "invalid_value", "A deal's value is 0 or more."});
  if (!deal.has_currency()) errors.push_back({"/currency", "required", "A deal has a currency; give another one."});
}

std::string stage_names(const v1::Pipeline& pipeline) {
  std::string names;
  for (const v1::Stage& stage : pipeline.stages()) {
    if (!stage.archived()) names += (names.empty() ? "" : ", ") + stage.key();
  }
  return names;
}

Result<v1::Stage> stage_named(const std::string& name, const v1::Pipeline& pipeline) {
  if (const v1::Stage* stage = find_stage(pipeline, name)) return *stage;
  return invalid("/stage", "invalid_value", "There is no such stage; the pipeline has " + stage_names(pipeline) + ".");
}

std::unexpected<Rejection> no_reason_for(const std::string& stage) {
  return invalid("/lost_reason", "invalid_value",
                 "Only a lost deal has a reason; " + stage + " is no stage of that kind.");
}

// A stage of kind won says 100 even where it has no default of its own; lost says 0 (rule 9).
std::int32_t default_probability(const v1::Stage& stage) {
  if (stage.has_probability()) return stage.probability();
  return stage.kind() == v1::Stage::KIND_WON ? 100 : 0;
}

// The pipeline that the command names, by id or as `default`; without a name the first one.
Result<model::Uuid> pipeline_of(const v1::CreateDeal& command, const View& view) {
  if (command.has_pipeline() || !command.record().has_pipeline_id()) {
    return find_pipeline(command.has_pipeline() ? command.pipeline() : "default", view);
  }
  const auto id = model::Uuid::from_bytes(command.record().pipeline_id());
  const auto record = id ? view.record(kind_of<v1::Pipeline>(), *id) : std::nullopt;
  if (record && !is_deleted(*record)) return *id;
  return invalid("/pipeline_id", "not_found", "There is no such pipeline.");
}

// A deal without a stage is not made; what else is wrong with it is said at once.
Rejection with_errors_of(v1::Deal deal, Rejection no_stage, const View& view, const Context& context) {
  deal.clear_pipeline_id();
  add_errors(no_stage.errors, create(kind_of<v1::Deal>(), deal.SerializeAsString(), view, context));
  return invalid(std::move(no_stage.errors)).error();
}

// Only a lost deal has a reason: one that is moved to another stage loses it.
void drop_lost_reason(const v1::Deal& deal, const v1::Stage& stage, const model::Uuid& id, const model::Uuid& subject,
                      Draft& draft) {
  if (!deal.has_lost_reason() || stage.kind() == v1::Stage::KIND_LOST) return;
  const model::Kind& kind = kind_of<v1::Deal>();
  draft.add(Event{kind.updated_event, kind.number, id, {}, {v1::Deal::kLostReasonFieldNumber}, subject});
}

std::optional<model::Uuid> owner_of(const v1::Deal& deal) { return model::Uuid::from_bytes(deal.owner_id()); }

// What stands beside a deal's arrival in a stage: deal.won, deal.lost or deal.reopened.
void add_arrival(const v1::Stage& stage, v1::Stage::Kind previous, v1::StageCause cause, const model::Uuid& id,
                 Draft& draft) {
  if (stage.kind() == previous) return;
  const model::Uuid subject = id;
  if (stage.kind() == v1::Stage::KIND_WON) {
    v1::DealWon won;
    won.set_cause(cause);
    won.set_stage(stage.key());
    draft.add(business_event(won, id, subject));
  } else if (stage.kind() == v1::Stage::KIND_LOST) {
    v1::DealLost lost;
    lost.set_cause(cause);
    lost.set_stage(stage.key());
    draft.add(business_event(lost, id, subject));
  } else if (previous != v1::Stage::KIND_UNSPECIFIED) {
    v1::DealReopened reopened;
    reopened.set_stage(stage.key());
    draft.add(business_event(reopened, id, subject));
  }
}

v1::DealStageChanged stage_change(const v1::Deal& deal, const v1::Stage& stage, const v1::MoveDeal& command,
                                  const std::optional<model::Uuid>& bulk, const Context& context) {
  v1::DealStageChanged changed;
  changed.set_stage(stage.key());
  changed.set_kind(stage.kind());
  changed.set_previous_stage(deal.stage());
  changed.set_probability(command.has_probability() ? command.probability() : default_probability(stage));
  if (stage.kind() != v1::Stage::KIND_OPEN) {
    changed.set_closed_at(stage.kind() == deal.kind() ? deal.closed_at() : context.time_us);
  }
  if (command.has_lost_reason()) changed.set_lost_reason(command.lost_reason());
  if (bulk) changed.set_bulk_id(std::string(bulk->view()));
  return changed;
}

}  // namespace

// Found by event_types through their arguments, hence not in the unnamed namespace.
static void apply(const v1::DealStageChanged& changed, const Event& event, Store& store) {
  v1::Deal deal;
  deal.set_stage(changed.stage());
  deal.set_kind(changed.kind());
  deal.set_probability(changed.probability());
  deal.set_stage_entered_at(store.stamp().time_us);
  std::vector<std::uint32_t> cleared;
  if (changed.has_closed_at()) {
    deal.set_closed_at(changed.closed_at());
  } else {
    cleared.push_back(v1::Deal::kClosedAtFieldNumber);
  }
  if (changed.has_lost_reason()) deal.set_lost_reason(changed.lost_reason());
  store.patch(kind_of<v1::Deal>(), event.id, deal.SerializeAsString(), cleared);
}

// The stage is changed by deal.stage_changed; these say what that meant.
static void apply(const v1::DealWon&, const Event&, Store&) {}
static void apply(const v1::DealLost&, const Event&, Store&) {}
static void apply(const v1::DealReopened&, const Event&, Store&) {}

static void apply(const v1::DealAssigned& assigned, const Event& event, Store& store) {
  v1::Deal deal;
  if (assigned.has_owner_id()) deal.set_owner_id(assigned.owner_id());
  store.patch(kind_of<v1::Deal>(), event.id, deal.SerializeAsString(), {v1::Deal::kOwnerIdFieldNumber});
}

static void apply(const v1::DealContactLinked& linked, const Event& event, Store& store) {
  v1::Deal deal;
  deal.set_contact_id(linked.contact_id());
  store.patch(kind_of<v1::Deal>(), event.id, deal.SerializeAsString(), {});
}

static void apply(const v1::DealContactUnlinked&, const Event& event, Store& store) {
  store.patch(kind_of<v1::Deal>(), event.id, {}, {v1::Deal::kContactIdFieldNumber});
}

Result<Events> create_deal(const v1::CreateDeal& command, v1::StageCause cause, const View& view,
                           const Context& context) {
  const auto pipeline_id = pipeline_of(command, view);
  const auto stage = pipeline_id ? stage_named(command.stage(), *view.find<v1::Pipeline>(*pipeline_id))
                                 : Result<v1::Stage>(std::unexpected(pipeline_id.error()));
  v1::Deal deal = command.record();
  if (!deal.has_currency()) deal.set_currency(workspace_of(view).currency());
  if (!stage) return std::unexpected(with_errors_of(std::move(deal), stage.error(), view, context));
  deal.set_pipeline_id(std::string(pipeline_id->view()));
  deal.set_stage(stage->key());
  deal.set_kind(stage->kind());
  deal.set_stage_entered_at(context.time_us);
  if (!deal.has_probability()) deal.set_probability(default_probability(*stage));
  if (!deal.has_value()) deal.set_value(0);
  if (stage->kind() != v1::Stage::KIND_OPEN) {
    deal.set_closed_at(command.has_closed_at() ? command.closed_at() : context.time_us);
  }
  auto created = create(kind_of<v1::Deal>(), deal.SerializeAsString(), view, context);
  if (!created) return std::unexpected(created.error());

  Draft draft(view, context);
  const model::Uuid id = created->id;
  draft.add(std::move(*created));
  if (stage->kind() != v1::Stage::KIND_OPEN) add_arrival(*stage, v1::Stage::KIND_UNSPECIFIED, cause, id, draft);
  if (stage->kind() == v1::Stage::KIND_WON && command.notify()) queue_won_mail(id, owner_of(deal), draft, context);
  return draft.take();
}

Result<Events> move_deal(const model::Uuid& id, const v1::MoveDeal& command, const std::optional<model::Uuid>& bulk,
                         const View& view, const Context& context) {
  const auto record = find_live(kind_of<v1::Deal>(), id, view);
  if (!record) return std::unexpected(record.error());
  const auto deal = parse<v1::Deal>(*record);
  const auto pipeline = view.find<v1::Pipeline>(*model::Uuid::from_bytes(deal.pipeline_id()));
  const auto stage = stage_named(command.stage(), *pipeline);
  if (!stage) return std::unexpected(stage.error());
  if (command.has_lost_reason() && stage->kind() != v1::Stage::KIND_LOST) return no_reason_for(stage->key());
  const bool same_probability = !command.has_probability() || command.probability() == deal.probability();
  const bool same_reason = !command.has_lost_reason() || command.lost_reason() == deal.lost_reason();
  if (stage->key() == deal.stage() && same_probability && same_reason) return Events{};

  Draft draft(view, context);
  draft.add(business_event(stage_change(deal, *stage, command, bulk, context), id, subject_of(id, *record)));
  drop_lost_reason(deal, *stage, id, subject_of(id, *record), draft);
  add_arrival(*stage, deal.kind(), v1::STAGE_CAUSE_MOVE, id, draft);
  if (stage->kind() == v1::Stage::KIND_WON && deal.kind() != v1::Stage::KIND_WON) {
    queue_won_mail(id, owner_of(deal), draft, context);
  }
  return draft.take();
}

Result<BulkMove> move_deals(const std::vector<std::string>& ids, const v1::MoveDeal& command, const model::Uuid& bulk,
                            const View& view, const Context& context) {
  Draft draft(view, context);
  BulkMove moved;
  std::vector<FieldError> errors;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::string pointer = "/ids/" + std::to_string(i);
    const auto id = model::Uuid::parse(ids[i]);
    if (!id || !find_live(kind_of<v1::Deal>(), *id, draft.view())) {
      if (errors.size() < kErrorLimit) errors.push_back({pointer, "not_found", "There is no such deal."});
      continue;
    }
    const auto events = move_deal(*id, command, bulk, draft.view(), context);
    if (!events) return std::unexpected(events.error());
    draft.add(*events);
    ++(events->empty() ? moved.unchanged : moved.changed);
  }
  if (!errors.empty()) return invalid(std::move(errors));
  moved.events = draft.take();
  return moved;
}

Result<Events> update_deal(const model::Uuid& id, const model::Patch& patch, const View& view, const Context& context) {
  // The whole patch is checked first, so that every error of it is reported at once.
  const auto checked = update(kind_of<v1::Deal>(), id, patch, view);
  if (!checked) return std::unexpected(checked.error());
  if (checked->empty()) return Events{};
  const Event& whole = checked->front();
  const std::string before = *view.record(kind_of<v1::Deal>(), id);
  if (model::get_bytes(whole.data, v1::Deal::kLostReasonFieldNumber)) {
    if (const auto deal = parse<v1::Deal>(before); deal.kind() != v1::Stage::KIND_LOST)
      return no_reason_for(deal.stage());
  }
  FieldPatches parts(whole.data, whole.cleared);

  Draft draft(view, context);
  if (const auto owner = parts.take(v1::Deal::kOwnerIdFieldNumber)) {
    v1::DealAssigned assigned;
    if (!owner->empty()) assigned.set_owner_id(*owner);
    if (const auto previous = model::get_bytes(before, v1::Deal::kOwnerIdFieldNumber)) {
      assigned.set_previous_owner_id(std::string(*previous));
    }
    draft.add(business_event(assigned, id, whole.subject));
  }
  if (const auto contact = parts.take(v1::Deal::kContactIdFieldNumber)) {
    if (contact->empty()) {
      v1::DealContactUnlinked unlinked;
      unlinked.set_previous_contact_id(
          std::string(model::get_bytes(before, v1::Deal::kContactIdFieldNumber).value_or(std::string_view{})));
      draft.add(business_event(unlinked, id, whole.subject));
    } else {
      v1::DealContactLinked linked;
      linked.set_contact_id(*contact);
      draft.add(business_event(linked, id, whole.subject));
    }
  }
  if (!parts.rest().empty()) {
    Event rest = whole;
    rest.data = parts.rest().set;
    rest.cleared = parts.rest().cleared;
    draft.add(std::move(rest));
  }
  return draft.take();
}

KindRules deal_rules() {
  return {.normalise = typed(normalise),
          .check = typed_check(check_update),
          .events = event_types<v1::DealStageChanged, v1::DealWon, v1::DealLost, v1::DealReopened, v1::DealAssigned,
                                v1::DealContactLinked, v1::DealContactUnlinked>()};
}

}  // namespace daybook::domain
