#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domain/rows.h"
#include "model/uuid.h"

namespace daybook::projections {

/// One column of a deal board (deal_rows.h).
struct BoardStage {
  std::uint64_t count = 0;  // live deals
  struct Total {
    std::string currency;
    std::string value;  // their sum, as an exact decimal number with the currency's digits
  };
  std::vector<Total> totals;       // by currency; none where the sum is zero
  std::vector<model::Uuid> cards;  // the deals that entered last, newest first
};

BoardStage board_stage(const domain::RowReader& rows, const model::Uuid& pipeline, std::string_view stage,
                       std::size_t cards);

}  // namespace daybook::projections
