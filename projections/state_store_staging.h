#pragma once

#include <filesystem>
#include <memory>

#include "domain/rows.h"

namespace daybook::projections {

class StateMemory;

/// Changes kept on disk above other rows, which stay as they are: for a command whose changes need not fit into memory.
/// They stand in a throw-away RocksDB of their own, without a WAL, which is deleted with the object. One thread uses
/// it.
class StagedRows final : public domain::Rows {
 public:
  /// `directory` is made. Both others outlive the rows. Throws std::runtime_error with the remedy where the disk does
  /// not take them, as every function does.
  StagedRows(std::filesystem::path directory, const StateMemory& memory, const domain::RowReader& below);
  ~StagedRows() override;
  StagedRows(const StagedRows&) = delete;
  StagedRows& operator=(const StagedRows&) = delete;

  std::optional<std::string> get(std::string_view key) const override;
  void scan(std::string_view prefix, std::string_view from, const domain::RowVisitor& visit) const override;
  std::unique_ptr<domain::RowCursor> cursor(std::string_view prefix) const override;
  void put(std::string_view key, std::string_view value) override;
  void erase(std::string_view key) override;

 private:
  struct Database;

  void write(std::string_view key, char mark, std::string_view value);

  const std::filesystem::path directory_;
  const domain::RowReader& below_;
  std::unique_ptr<Database> database_;
};

}  // namespace daybook::projections
