#pragma once

#include "projections/derived_rows.h"

namespace daybook::projections {

/// The board: live deals of each stage by when they entered it, and per stage their number and their value per
/// currency.
void add_deal_rows(const model::Kind& kind, const model::Uuid& id, std::string_view record, DerivedRows& out);

/// Prefix of the cards of one stage, newest first; each key ends with the deal's id.
std::string board_prefix(const model::Uuid& pipeline, std::string_view stage);
/// Counter: live deals in the stage.
std::string stage_count_key(const model::Uuid& pipeline, std::string_view stage);
/// Counters: sum of their values in minor units; each key ends with the currency.
std::string stage_total_prefix(const model::Uuid& pipeline, std::string_view stage);

}  // namespace daybook::projections
