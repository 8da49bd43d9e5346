#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace daybook::domain {

/// Called with each row's key and value; false ends the scan.
using RowVisitor = std::function<bool(std::string_view key, std::string_view value)>;

/// A place among the rows whose keys start with one prefix. It begins nowhere: seek first. Key and value may be asked
/// for while it is valid, and their views hold until it moves; moving it off either end makes it invalid until the next
/// seek. The rows outlive it and must not change meanwhile.
class RowCursor {
 public:
  virtual ~RowCursor() = default;
  virtual bool valid() const = 0;
  virtual std::string_view key() const = 0;
  virtual std::string_view value() const = 0;
  /// To the first row at or after `key`.
  virtual void seek(std::string_view key) = 0;
  /// To the last row at or before `key`.
  virtual void seek_back(std::string_view key) = 0;
  virtual void next() = 0;
  virtual void prev() = 0;
};

/// The first key after all that start with `prefix`; empty: there is none.
std::string after_prefix(std::string prefix);

/// The rows of one workspace, in order of their keys (model/row_key.h). Not thread-safe.
class RowReader {
 public:
  virtual ~RowReader() = default;
  virtual std::optional<std::string> get(std::string_view key) const = 0;
  /// Rows whose keys start with `prefix`, from `from` on (itself starting with `prefix`, or empty), in key order.
  virtual void scan(std::string_view prefix, std::string_view from, const RowVisitor& visit) const = 0;
  /// A cursor over the rows whose keys start with `prefix`, which is not empty.
  virtual std::unique_ptr<RowCursor> cursor(std::string_view prefix) const = 0;
};

/// Rows that may be changed. Everything above stands on these five functions; below are memory for tests, the RocksDB
/// state with what is pending above it, and a layer over either.
class Rows : public RowReader {
 public:
  virtual void put(std::string_view key, std::string_view value) = 0;
  virtual void erase(std::string_view key) = 0;
};

/// Rows in memory.
class MemoryRows final : public Rows {
 public:
  std::optional<std::string> get(std::string_view key) const override;
  void scan(std::string_view prefix, std::string_view from, const RowVisitor& visit) const override;
  std::unique_ptr<RowCursor> cursor(std::string_view prefix) const override;
  void put(std::string_view key, std::string_view value) override;
  void erase(std::string_view key) override;
  const std::map<std::string, std::string, std::less<>>& all() const { return rows_; }

 private:
  std::map<std::string, std::string, std::less<>> rows_;
};

/// Changes kept above other rows, which stay as they are: dry runs, batches, imports and composed decisions.
class LayerRows final : public Rows {
 public:
  /// Key → new value, or nothing where the row was erased.
  using Changes = std::map<std::string, std::optional<std::string>, std::less<>>;

  explicit LayerRows(const RowReader& below) : below_(below) {}
  LayerRows(const LayerRows&) = delete;  // A layer above a layer is named as a RowReader; a copy was never meant.
  LayerRows& operator=(const LayerRows&) = delete;

  std::optional<std::string> get(std::string_view key) const override;
  void scan(std::string_view prefix, std::string_view from, const RowVisitor& visit) const override;
  std::unique_ptr<RowCursor> cursor(std::string_view prefix) const override;
  void put(std::string_view key, std::string_view value) override;
  void erase(std::string_view key) override;

  const Changes& changes() const { return changes_; }
  Changes take() { return std::move(changes_); }
  const RowReader& below() const { return below_; }

 private:
  const RowReader& below_;
  Changes changes_;
};

/// Writes the changes into `rows`.
void keep(const LayerRows::Changes& changes, Rows& rows);

/// The rows of `below` with `changes` laid over them, in key order; for implementations of scan.
void scan_merged(const RowReader& below, const LayerRows::Changes& changes, std::string_view prefix,
                 std::string_view from, const RowVisitor& visit);
/// The same as a cursor. Both outlive it.
std::unique_ptr<RowCursor> merged_cursor(const RowReader& below, const LayerRows::Changes& changes,
                                         std::string_view prefix);

}  // namespace daybook::domain
