#include "projections/queries/board.h"
#include "api/page.h"
#include "api/render.h"
#include "api/routes/reads.h"
#include "api/routes/records.h"
#include "daybook/v1/contact.pb.h"
#include "daybook/v1/deal.pb.h"
#include "domain/store.h"
#include "projections/projector.h"

namespace daybook::api {
namespace {

constexpr std::size_t kMostCards = 100;

// How people call a contact: by name, else by address.
std::string contact_json(const domain::RowReader& rows, std::string_view bytes) {
  const auto id = model::Uuid::from_bytes(bytes);
  const auto contact = id ? domain::View(rows, {}).find<v1::Contact>(*id) : std::nullopt;
  if (!contact) return "null";
  std::string name = contact->first_name();
  if (!name.empty() && !contact->last_name().empty()) name += ' ';
  name += contact->last_name();
  if (name.empty()) name = contact->email();
  return "{\"id\":" + json_string(id->text()) + ",\"name\":" + json_string(name) + "}";
}

std::string card_json(const domain::RowReader& rows, const model::Uuid& id) {
  const model::Kind& kind = domain::kind_of<v1::Deal>();
  const auto record = domain::View(rows, {}).record(kind, id);
  if (!record) return {};
  std::vector<std::string_view> unknown;
  const std::array<std::string_view, 8> fields{
      "title", "value", "currency", "stage", "probability", "contact_id", "expected_close_date", "owner_id"};
  model::Selection selection = model::select_fields(kind, fields, unknown);
  selection.fields |= std::uint64_t{1} << v1::Deal::kStageEnteredAtFieldNumber;
  const auto contact = model::get_bytes(*record, v1::Deal::kContactIdFieldNumber).value_or(std::string_view{});
  return record_json(rows, kind, id, *record, {selection, false, "\"contact\":" + contact_json(rows, contact)});
}

std::string totals_json(const projections::BoardStage& column) {
  std::string out;
  for (const auto& total : column.totals) {
    out += (out.empty() ? "" : ",") + ("{\"currency\":" + json_string(total.currency)) +
           ",\"value\":" + json_string(total.value) + "}";
  }
  return "[" + out + "]";
}

std::string stage_json(const domain::RowReader& rows, const v1::Stage& stage, const projections::BoardStage& column) {
  const auto& kinds = model::schema().message("daybook.v1.Stage")->field("kind")->options;
  std::string cards;
  for (const model::Uuid& id : column.cards) cards.append(cards.empty() ? "" : ",").append(card_json(rows, id));
  return "{\"key\":" + json_string(stage.key()) + ",\"label\":" + json_string(stage.label()) +
         ",\"kind\":" + json_string(kinds.at(static_cast<std::size_t>(stage.kind()))) +
         ",\"probability\":" + (stage.has_probability() ? std::to_string(stage.probability()) : "null") +
         ",\"count\":" + std::to_string(column.count) + ",\"totals\":" + totals_json(column) + ",\"deals\":[" + cards +
         "]}";
}

std::optional<std::size_t> cards_of(Call& call) {
  const auto text = call.parameter("cards");
  const auto cards = text ? parse_position(*text) : 20;
  if (cards && *cards <= kMostCards) return *cards;
  call.reject_parameter("cards", "cards is a whole number from 0 to 100.");
  return std::nullopt;
}

}  // namespace

void get_board(Call& call) {
  if (!call.allow_parameters({"cards"})) return;
  const auto rows = call.rows();
  const auto found = find_record(call, domain::kind_of<v1::Pipeline>(), *rows);
  if (!found) return;
  const auto cards = cards_of(call);
  if (!cards) return;
  std::string stages;
  const auto pipeline = domain::parse<v1::Pipeline>(found->record);
  for (const v1::Stage& stage : pipeline.stages()) {
    const auto column = projections::board_stage(*rows, found->id, stage.key(), *cards);
    if (stage.archived() && column.count == 0) continue;
    stages.append(stages.empty() ? "" : ",").append(stage_json(*rows, stage, column));
  }
  const std::uint64_t position = projections::read_head(*rows).last_position();
  call.reply_json(200,
                  "{\"pipeline\":" + record_json(*rows, domain::kind_of<v1::Pipeline>(), found->id, found->record) +
                      ",\"position\":" + std::to_string(position) + ",\"stages\":[" + stages + "]}",
                  position);
}

}  // namespace daybook::api
