#include "projections/deal_rows.h"

#include "daybook/v1/deal.pb.h"
#include "domain/store.h"
#include "model/row_key.h"

namespace daybook::projections {
namespace {

// Row families of the board, beyond the numbers of the deal's own fields.
constexpr std::uint32_t kBoard = 100;
constexpr std::uint32_t kStageCount = 101;
constexpr std::uint32_t kStageTotal = 102;

std::uint32_t deal_number() { return domain::kind_of<v1::Deal>().number; }

std::string stage_value(const model::Uuid& pipeline, std::string_view stage) {
  return std::string(pipeline.view()).append(model::ordered_text(stage));
}

}  // namespace

std::string board_prefix(const model::Uuid& pipeline, std::string_view stage) {
  return sort_prefix(deal_number(), kBoard).append(stage_value(pipeline, stage));
}

std::string stage_count_key(const model::Uuid& pipeline, std::string_view stage) {
  return counter_key(deal_number(), kStageCount, stage_value(pipeline, stage));
}

std::string stage_total_prefix(const model::Uuid& pipeline, std::string_view stage) {
  return counter_key(deal_number(), kStageTotal, stage_value(pipeline, stage));
}

void add_deal_rows(const model::Kind& kind, const model::Uuid& id, std::string_view record, DerivedRows& out) {
  if (kind.number != deal_number()) return;
  const auto deal = domain::parse<v1::Deal>(record);
  if (deal.meta().has_deleted_at()) return;
  const auto pipeline = model::Uuid::from_bytes(deal.pipeline_id());
  if (!pipeline) return;
  const std::string newest_first = model::ordered_integer(-deal.stage_entered_at());
  out.rows.emplace(board_prefix(*pipeline, deal.stage()).append(newest_first).append(id.view()), "");
  ++out.contributions[stage_count_key(*pipeline, deal.stage())];
  out.contributions[stage_total_prefix(*pipeline, deal.stage()).append(deal.currency())] += deal.value();
}

}  // namespace daybook::projections
