#pragma once

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

#include "domain/rows.h"

namespace daybook::domain {

/// Moves a cursor of kind `Cursor` over a sorted map in memory, which outlives it; what a row's value is, the class
/// below it says.
template <typename Map, typename Cursor>
class MapCursor : public Cursor {
 public:
  MapCursor(const Map& rows, std::string_view prefix)
      : rows_(rows), prefix_(prefix), after_(after_prefix(prefix_)), at_(rows.end()) {}

  bool valid() const override { return at_ != rows_.end() && at_->first.starts_with(prefix_); }
  std::string_view key() const override { return at_->first; }
  void seek(std::string_view key) override { at_ = rows_.lower_bound(std::max<std::string_view>(key, prefix_)); }
  void seek_back(std::string_view key) override {
    at_ = key < after_ ? rows_.upper_bound(key) : rows_.lower_bound(after_);
    prev();
  }
  void next() override { ++at_; }
  void prev() override { at_ = at_ == rows_.begin() ? rows_.end() : std::prev(at_); }

 protected:
  const typename Map::mapped_type& mapped() const { return at_->second; }

 private:
  const Map& rows_;
  std::string prefix_;
  std::string after_;
  typename Map::const_iterator at_;
};

}  // namespace daybook::domain
