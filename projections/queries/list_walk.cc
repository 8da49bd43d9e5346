#include "projections/queries/list_walk.h"

#include <algorithm>

#include "model/row_key.h"

namespace daybook::projections {
namespace {

// A section's rows in the direction of the list.
class DirectedCursor {
 public:
  DirectedCursor(const domain::RowReader& rows, const ListSection& section, bool descending)
      : section_(section), descending_(descending), rows_(rows.cursor(section.prefix)) {}

  // To the nearest row at or past the tail; the section's beginning for an empty one.
  void seek(std::string_view tail) {
    const std::string key = section_.prefix + std::string(tail);
    if (!descending_) return rows_->seek(std::max(key, section_.low));
    rows_->seek_back(tail.empty() ? section_.high : std::min(key, section_.high));
    if (rows_->valid() && rows_->key() >= section_.high) rows_->prev();
  }
  void step() { descending_ ? rows_->prev() : rows_->next(); }
  bool valid() const {
    return rows_->valid() && (descending_ ? rows_->key() >= section_.low : rows_->key() < section_.high);
  }
  std::string_view tail() const { return rows_->key().substr(section_.prefix.size()); }
  model::Uuid id() const { return model::id_at_end(rows_->key()); }
  std::string_view value() const { return rows_->value(); }

 private:
  const ListSection& section_;
  bool descending_;
  std::unique_ptr<domain::RowCursor> rows_;
};

}  // namespace

// Misses in a row before the streams are asked. Where they hold a good part of all records, the next row is likelier to
// match than a leap is to pay.
std::size_t ListWalk::patience() const {
  constexpr std::uint64_t kGoodPart = 16;
  constexpr std::size_t kPatience = 64;
  const bool dense = streams_.fewest && *streams_.fewest > streams_.records / kGoodPart;
  return dense && !streams_.leaps_pay ? kPatience : 0;
}

ListWalk::End ListWalk::run(ScanBudget& budget, bool with_records, const Visit& visit) {
  while (place_.section < order_.sections().size()) {
    const End end = run_section(order_.sections()[place_.section], budget, with_records, visit);
    if (end != End::kFinished) return end;
    place_ = {place_.section + 1, {}};
  }
  return End::kFinished;
}

std::optional<std::string> ListWalk::match(const model::Uuid& id, std::string_view row, ScanBudget& budget,
                                           bool with_records) const {
  if (!filter_.row_matches(id, row)) return std::nullopt;
  if (!with_records && !filter_.needs_record()) return std::string();
  budget.spend(ScanBudget::kRecord);
  auto record = rows_.get(model::entity_key(kind_.number, id));
  if (record && !filter_.record_matches(id, *record)) record.reset();
  return record;
}

ListWalk::End ListWalk::run_section(const ListSection& section, ScanBudget& budget, bool with_records,
                                    const Visit& visit) {
  const bool leaps = section.by_id && !streams_.ids.empty();
  const std::size_t most_misses = patience();
  streams_.ids.rewind();
  std::size_t misses = 0;
  DirectedCursor row(rows_, section, order_.descending());
  row.seek(place_.tail);
  budget.spend(ScanBudget::kSeek);
  while (row.valid()) {
    place_.tail = row.tail();
    if (budget.empty()) return End::kCut;
    const model::Uuid id = row.id();
    if (leaps && misses >= most_misses) {
      const Intersection::Leap leap = streams_.ids.seek(id, budget);
      if (leap.result == Intersection::Result::kEnd) return End::kFinished;
      place_.tail = leap.id.view();
      if (leap.result == Intersection::Result::kCut) return End::kCut;
      misses = 0;
      if (leap.id != id) {
        row.seek(place_.tail);
        budget.spend(ScanBudget::kSeek);
        continue;
      }
    }
    budget.spend(ScanBudget::kRow);
    ++misses;
    if (auto record = match(id, row.value(), budget, with_records)) {
      if (!visit(id, std::move(*record))) return End::kFull;
      misses = 0;
    }
    row.step();
  }
  return End::kFinished;
}

}  // namespace daybook::projections
