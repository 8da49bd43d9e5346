#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daybook/v1/import.pb.h"
#include "domain/import/byte_source.h"
#include "domain/import_rows.h"

namespace daybook::domain {

/// Errors and warnings beyond this are counted and not kept.
inline constexpr std::uint64_t kRemarksKept = 100'000;

struct ImportCounts {
  std::uint64_t rows = 0;
  std::uint64_t created = 0;
  std::uint64_t updated = 0;
  std::uint64_t unchanged = 0;
  std::uint64_t skipped = 0;
  std::uint64_t warnings = 0;
};

/// A whole file on its way in, some rows at a time, so that an import of any size has bounded steps: the same for a dry
/// run and for the import itself. Holds one row and a few hundred remarks. Not thread-safe.
class ImportRun {
 public:
  ImportRun(const model::Uuid& id, std::shared_ptr<const ImportPlan> plan, ImportOptions options, OpenSource open);

  struct Step {
    Events events;
    bool ended = false;  // import.committed is the last of the events
  };
  /// Decides the next `rows` rows over the workspace as the steps before left it. Rejects a file that cannot be read
  /// on; the import is then over.
  Result<Step> step(std::size_t rows, const View& view, const Context& context);

  const ImportCounts& counts() const { return counts_; }

 private:
  void count(const RowDecision& decision);
  void remark(const RowDecision& decision, Events& events);
  void flush_remarks(Events& events);

  const model::Uuid id_;
  const std::shared_ptr<const ImportPlan> plan_;
  const ImportOptions options_;
  ImportReader reader_;
  std::unique_ptr<ImportRows> rows_;  // made when the first row is decided: it reads the workspace
  ImportCounts counts_;
  v1::ImportRemarked remarks_;
  std::uint64_t remarks_kept_ = 0;
};

}  // namespace daybook::domain
