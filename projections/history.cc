#include "projections/history.h"

#include "model/row_key.h"

namespace daybook::projections {

std::optional<std::string> record_as_of(const domain::RowReader& rows, const model::Uuid& id, std::uint64_t position) {
  auto state = HistoryWalk(rows, id, position).next();
  if (!state) return std::nullopt;
  return std::move(state->record);
}

HistoryWalk::HistoryWalk(const domain::RowReader& rows, const model::Uuid& id, std::uint64_t from)
    : row_(rows.cursor(model::history_prefix(id))) {
  row_->seek_back(model::history_key(id, from));
}

std::optional<HistoryState> HistoryWalk::next() {
  if (!row_->valid()) return std::nullopt;
  const std::string_view key = row_->key();
  HistoryState state{static_cast<std::uint64_t>(model::integer_in_order(key.substr(key.size() - 8))),
                     std::string(row_->value())};
  row_->prev();
  return state;
}

}  // namespace daybook::projections
