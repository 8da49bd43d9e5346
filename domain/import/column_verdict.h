#pragma once

#include <cstdint>
#include <optional>

namespace daybook::domain {

/// Why a whole column could not be read in one way.
enum class ColumnDoubt : std::uint8_t {
  kNone,
  kUndecidable,    // every value can be read in both ways, and some mean something else then
  kContradictory,  // one value allows only the first way, another only the second
  kImpossible,     // no value can be read in either way
};

/// What all values of a column together say. `format` is set without doubt only; a column without values gets the plain
/// one (ISO dates, decimal point). Single values that fit neither way do not count: they are errors of their rows.
template <typename Format>
struct ColumnVerdict {
  std::optional<Format> format{};
  ColumnDoubt doubt = ColumnDoubt::kNone;
  std::uint64_t row = 0;  // of an undecidable value, of one that allows only the first way, or of the first bad one
  std::uint64_t other_row = 0;  // kContradictory: of one that allows only the second way
  std::uint64_t bad_values = 0;
  std::uint64_t first_bad_row = 0;
};

/// Counts, in constant memory, what the values of a column allow: one way to read them, the other, or both.
class TwoReadings {
 public:
  /// One value: can it be read the first way, the second, and does it mean the same in both?
  void note(std::uint64_t row, bool first, bool second, bool same) {
    if (!first && !second) {
      if (bad_values_++ == 0) bad_row_ = row;
      return;
    }
    ++good_values_;
    if (!second && first_row_ == 0) first_row_ = row;
    if (!first && second_row_ == 0) second_row_ = row;
    if (first && second && !same && either_row_ == 0) either_row_ = row;
  }

  /// `plain` is the format of a column whose values mean the same in both ways.
  template <typename Format>
  ColumnVerdict<Format> verdict(Format first, Format second, Format plain) const {
    ColumnVerdict<Format> found{.bad_values = bad_values_, .first_bad_row = bad_row_};
    if (first_row_ != 0 && second_row_ != 0) {
      found.doubt = ColumnDoubt::kContradictory;
      found.row = first_row_;
      found.other_row = second_row_;
    } else if (first_row_ != 0 || second_row_ != 0) {
      found.format = first_row_ != 0 ? first : second;
    } else if (either_row_ != 0) {
      found.doubt = ColumnDoubt::kUndecidable;
      found.row = either_row_;
    } else if (good_values_ == 0 && bad_values_ != 0) {
      found.doubt = ColumnDoubt::kImpossible;
      found.row = bad_row_;
    } else {
      found.format = plain;
    }
    return found;
  }

 private:
  std::uint64_t good_values_ = 0;
  std::uint64_t bad_values_ = 0;
  std::uint64_t bad_row_ = 0;
  std::uint64_t first_row_ = 0;  // allows only the first way; 0: no such row
  std::uint64_t second_row_ = 0;
  std::uint64_t either_row_ = 0;  // allows both and means two things
};

}  // namespace daybook::domain
