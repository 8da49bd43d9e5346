#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/context.h"
#include "domain/import/row_reader.h"
#include "domain/result.h"
#include "domain/store.h"

namespace daybook::domain {

/// One row of a file, decided (domain.md §7): what it makes of the workspace as the rows before it left it.

enum class RowFate : std::uint8_t { kCreated, kUpdated, kUnchanged, kSkipped };

/// Why a row was skipped, or what is to be known about one that was taken.
struct RowRemark {
  std::uint64_t row = 0;
  std::string column;  // name of the field; empty: the whole row
  std::string code;
  std::string detail;
  bool operator==(const RowRemark&) const = default;
};

struct RowDecision {
  RowFate fate = RowFate::kSkipped;
  Events events{};
  std::vector<RowRemark> errors{};  // exactly where the fate is kSkipped
  std::vector<RowRemark> warnings{};
};

/// Members by name and e-mail, as files name owners. A name that two members share names neither.
class OwnerNames {
 public:
  explicit OwnerNames(const View& view);
  std::optional<model::Uuid> find(std::string_view text) const;

 private:
  std::map<std::string, std::optional<model::Uuid>, std::less<>> members_;
};

/// Decides rows of one planned file. The members of the workspace are read once. Not thread-safe; plan and options
/// outlive it.
class ImportRows {
 public:
  ImportRows(const ImportPlan& plan, const ImportOptions& options, const View& view);

  RowDecision decide(const ImportRow& row, const View& view, const Context& context) const;

 private:
  const ImportPlan& plan_;
  const ImportOptions& options_;
  const OwnerNames owners_;
};

/// Both are parts of ImportRows::decide.
RowDecision decide_contact_row(const ImportPlan& plan, const ImportOptions& options, const OwnerNames& owners,
                               const ImportRow& row, const View& view, const Context& context);
RowDecision decide_deal_row(const ImportPlan& plan, const ImportOptions& options, const OwnerNames& owners,
                            const ImportRow& row, const View& view, const Context& context);

}  // namespace daybook::domain
