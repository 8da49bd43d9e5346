#pragma once

#include <algorithm>
#include <cstddef>

namespace daybook::projections {

/// What may still be read for one page, in units of one row read in order.
class ScanBudget {
 public:
  static constexpr std::size_t kRow = 1;
  static constexpr std::size_t kSeek = 4;
  static constexpr std::size_t kRecord = 4;

  explicit ScanBudget(std::size_t units) : left_(units) {}

  void spend(std::size_t units) {
    left_ -= std::min(units, left_);
    spent_ += units;
  }
  bool empty() const { return left_ == 0; }
  std::size_t left() const { return left_; }
  std::size_t spent() const { return spent_; }

 private:
  std::size_t left_;
  std::size_t spent_ = 0;
};

}  // namespace daybook::projections
