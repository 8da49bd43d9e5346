#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "domain/rows.h"
#include "model/uuid.h"
#include "projections/queries/scan_budget.h"

namespace daybook::projections {

/// Ids in one direction, found by seeking. `seek` gives the nearest one at or past `id`, or nothing at the end; each id
/// sought is at or past the one before, unless `rewind` was called between them.
class IdStream {
 public:
  virtual ~IdStream() = default;
  virtual void rewind() = 0;
  virtual std::optional<model::Uuid> seek(const model::Uuid& id, ScanBudget& budget) = 0;
};

/// Ids that end the rows of any of these prefixes: the values of a facet, or the words that begin alike.
class RowStream final : public IdStream {
 public:
  RowStream(const domain::RowReader& rows, const std::vector<std::string>& prefixes, bool descending);
  void rewind() override;
  std::optional<model::Uuid> seek(const model::Uuid& id, ScanBudget& budget) override;

 private:
  struct Member {
    std::string prefix;
    std::unique_ptr<domain::RowCursor> cursor;
    std::optional<model::Uuid> at;
    bool begun = false;
  };
  void move(Member& member, const model::Uuid& id, ScanBudget& budget) const;
  void read(Member& member) const;
  bool reached(const Member& member, const model::Uuid& id) const;

  bool descending_;
  std::vector<Member> members_;
};

/// Ids gathered before.
class GatheredStream final : public IdStream {
 public:
  /// In any order, also repeated.
  GatheredStream(std::vector<model::Uuid> ids, bool descending);
  void rewind() override {}
  std::optional<model::Uuid> seek(const model::Uuid& id, ScanBudget& budget) override;

 private:
  bool descending_;
  std::vector<model::Uuid> ids_;  // ascending
};

/// The ids that stand in all of some streams, found by leaping to the farthest of their ids until they agree
/// (leapfrog join, Veldhuizen 2012).
class Intersection {
 public:
  void add(std::unique_ptr<IdStream> stream) { streams_.push_back(std::move(stream)); }
  bool empty() const { return streams_.empty(); }

  enum class Result { kFound, kEnd, kCut };
  struct Leap {
    Result result = Result::kEnd;
    model::Uuid id;  // found; or cut: nothing before it is in all streams
  };
  /// As of one stream.
  Leap seek(const model::Uuid& id, ScanBudget& budget);
  void rewind();

 private:
  std::vector<std::unique_ptr<IdStream>> streams_;
};

}  // namespace daybook::projections
