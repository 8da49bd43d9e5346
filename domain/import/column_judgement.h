#pragma once

#include <vector>

#include "domain/import/import_plan.h"
#include "domain/import/row_reader.h"

namespace daybook::domain {

/// Watches the date and amount columns of a plan while its rows go by, and then settles how they are read. Holds a few
/// counters per column.
class ColumnJudgement {
 public:
  /// The columns that `options` leave open; those it settles are settled in the plan at once.
  ColumnJudgement(ImportPlan& plan, const ImportOptions& options);

  void feed(const ImportRow& row);
  /// Writes the formats into the plan. Problems: the columns that cannot be decided, at /date_order or /number_format.
  /// A column without one readable value is no problem here: each of its rows is in error.
  std::vector<ImportProblem> settle();

 private:
  struct Dates {
    std::size_t field = 0;  // of ImportPlan::fields
    DateColumn column;
  };
  struct Amounts {
    std::size_t field = 0;
    NumberColumn column;
  };

  ImportPlan& plan_;
  std::vector<Dates> dates_;
  std::vector<Amounts> amounts_;
};

}  // namespace daybook::domain
