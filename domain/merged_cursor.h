#pragma once

#include <memory>

#include "domain/rows.h"

namespace daybook::domain {

/// A cursor over changes to other rows; the value of a row that they erased is empty.
class ChangeCursor : public RowCursor {
 public:
  virtual bool erased() const = 0;
};

/// The rows of `below` with the changes laid over them; both have the same prefix.
std::unique_ptr<RowCursor> merged_cursor(std::unique_ptr<RowCursor> below, std::unique_ptr<ChangeCursor> changes);

}  // namespace daybook::domain
