#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "domain/rows.h"
#include "model/uuid.h"

namespace daybook::projections {

/// The record as it stood after `position`; nothing if it did not exist yet.
std::optional<std::string> record_as_of(const domain::RowReader& rows, const model::Uuid& id, std::uint64_t position);

/// The record just before `position`.
inline std::optional<std::string> record_before(const domain::RowReader& rows, const model::Uuid& id,
                                                std::uint64_t position) {
  return record_as_of(rows, id, position - 1);
}

/// A state of a record and the event after which it stood.
struct HistoryState {
  std::uint64_t position = 0;
  std::string record;
};

/// The states of a record, newest first: one for every event that is about it or changed it. The rows outlive the walk.
class HistoryWalk {
 public:
  /// Begins with the last state at or before `from`.
  HistoryWalk(const domain::RowReader& rows, const model::Uuid& id, std::uint64_t from);
  std::optional<HistoryState> next();

 private:
  std::unique_ptr<domain::RowCursor> row_;
};

}  // namespace daybook::projections
