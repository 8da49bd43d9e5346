#include "projections/queries/board.h"

#include <algorithm>

#include "model/money.h"
#include "model/row_key.h"
#include "model/wide.h"
#include "projections/deal_rows.h"

namespace daybook::projections {
namespace {

// As model::format_money, for sums beyond its limit.
std::string format_sum(model::Wide minor_units, int digits) {
  const bool negative = minor_units < 0;
  std::string reversed;
  for (model::Wide rest = negative ? -minor_units : minor_units; rest != 0; rest /= 10) {
    reversed += static_cast<char>('0' + static_cast<int>(rest % 10));
    if (std::ssize(reversed) == digits) reversed += '.';
  }
  while (std::ssize(reversed) < digits) {
    reversed += '0';
    if (std::ssize(reversed) == digits) reversed += '.';
  }
  if (reversed.empty() || reversed.back() == '.') reversed += '0';
  if (negative) reversed += '-';
  return {reversed.rbegin(), reversed.rend()};
}

}  // namespace

BoardStage board_stage(const domain::RowReader& rows, const model::Uuid& pipeline, std::string_view stage,
                       std::size_t cards) {
  BoardStage out;
  if (const auto count = rows.get(stage_count_key(pipeline, stage))) {
    out.count = static_cast<std::uint64_t>(decode_counter(*count));
  }
  const std::string totals = stage_total_prefix(pipeline, stage);
  rows.scan(totals, {}, [&](std::string_view key, std::string_view value) {
    const std::string currency(key.substr(totals.size()));
    out.totals.push_back({currency, format_sum(decode_counter(value), model::currency_digits(currency).value_or(2))});
    return true;
  });
  rows.scan(board_prefix(pipeline, stage), {}, [&](std::string_view key, std::string_view) {
    if (out.cards.size() == cards) return false;
    out.cards.push_back(model::id_at_end(key));
    return true;
  });
  return out;
}

}  // namespace daybook::projections
