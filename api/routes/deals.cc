#include "api/routes/deals.h"

#include "api/command.h"
#include "api/render.h"
#include "api/routes/records.h"
#include "daybook/v1/deal.pb.h"
#include "domain/deal.h"

namespace daybook::api {
namespace {

constexpr int kBulkLimit = 500;

const model::Kind& deals() { return domain::kind_of<v1::Deal>(); }

domain::Result<Decided> shown(domain::Result<domain::Events> events, const model::Uuid& id) {
  if (!events) return std::unexpected(std::move(events.error()));
  return Decided{std::move(*events), 200, &deals(), id, {}};
}

// A stage is changed by moving: 422 use_move.
std::optional<model::FieldProblem> refuse_stage(const model::Field& field) {
  if (field.name != "stage") return std::nullopt;
  return model::FieldProblem{"use_move", "A deal changes its stage by POST /v1/deals/{id}/move."};
}

void create(Call& call) {
  if (!call.allow_parameters({})) return;
  const std::string currency = workspace_currency(call);
  const auto input =
      read_fields(call, *model::schema().message("daybook.v1.CreateDeal"), {ReadMode::kCreate, {}, currency, nullptr});
  if (!input) return;
  auto command = domain::parse<v1::CreateDeal>(input->own);
  command.mutable_record()->ParseFromString(input->record);
  run_command(call, [command](const domain::View& view, const domain::Context& context) -> domain::Result<Decided> {
    auto events = domain::create_deal(command, v1::STAGE_CAUSE_CREATE, view, context);
    if (!events) return std::unexpected(std::move(events.error()));
    const model::Uuid id = events->front().id;
    return Decided{std::move(*events), 201, &deals(), id, {}};
  });
}

void update(Call& call) {
  if (!call.allow_parameters({})) return;
  const auto id = call.id();
  if (!id) return call.not_found();
  auto patch = read_patch(call, deals(), *id, refuse_stage);
  if (!patch) return;
  run_command(call,
              [id = *id, patch = std::move(*patch)](const domain::View& view, const domain::Context& context) {
                return shown(domain::update_deal(id, patch, view, context), id);
              },
              {&deals(), *id, {}, {}});
}

void move(Call& call) {
  if (!call.allow_parameters({})) return;
  const auto id = call.id();
  if (!id) return call.not_found();
  const auto input =
      read_body(call, *model::schema().message("daybook.v1.MoveDeal"), {ReadMode::kCommand, {}, {}, nullptr});
  if (!input) return;
  run_command(call,
              [id = *id, command = domain::parse<v1::MoveDeal>(input->own)](const domain::View& view,
                                                                            const domain::Context& context) {
                return shown(domain::move_deal(id, command, {}, view, context), id);
              },
              {&deals(), *id, {}, {}});
}

void bulk_move(Call& call) {
  if (!call.allow_parameters({})) return;
  const auto input =
      read_body(call, *model::schema().message("daybook.v1.MoveDeals"), {ReadMode::kCommand, {}, {}, nullptr});
  if (!input) return;
  const auto command = domain::parse<v1::MoveDeals>(input->own);
  if (command.ids_size() > kBulkLimit) {
    return call.reject(domain::invalid("/ids", "invalid_value", "At most 500 deals are moved at once.").error());
  }
  v1::MoveDeal move;
  move.set_stage(command.stage());
  if (command.has_probability()) move.set_probability(command.probability());
  if (command.has_lost_reason()) move.set_lost_reason(command.lost_reason());
  run_command(call,
              [move, ids = std::vector<std::string>(command.ids().begin(), command.ids().end())](
                  const domain::View& view, const domain::Context& context) -> domain::Result<Decided> {
                const model::Uuid bulk = context.ids.next();
                auto moved = domain::move_deals(ids, move, bulk, view, context);
                if (!moved) return std::unexpected(std::move(moved.error()));
                return Decided{std::move(moved->events), 200, nullptr, bulk,
                               "\"bulk_id\":" + json_string(bulk.text()) +
                                   ",\"changed\":" + std::to_string(moved->changed) +
                                   ",\"unchanged\":" + std::to_string(moved->unchanged)};
              });
}

}  // namespace

std::vector<Route> deal_routes() {
  return {
      {"GET", "/v1/deals", "deals:read", list_records("deal")},
      {"POST", "/v1/deals", "deals:write", create},
      {"POST", "/v1/deals/bulk/move", "deals:write", bulk_move},
      {"GET", "/v1/deals/{id}", "deals:read", get_record("deal")},
      {"PATCH", "/v1/deals/{id}", "deals:write", update},
      {"DELETE", "/v1/deals/{id}", "deals:write", delete_record("deal")},
      {"POST", "/v1/deals/{id}/restore", "deals:write", restore_record("deal")},
      {"POST", "/v1/deals/{id}/move", "deals:write", move},
  };
}

}  // namespace daybook::api
