#include <algorithm>

#include "domain/rows.h"

namespace daybook::domain {
namespace {

// Rows with changes laid over them. Each move seeks both sides: layers are small, and lists are read below them.
class MergedCursor final : public RowCursor {
 public:
  MergedCursor(std::unique_ptr<RowCursor> below, const LayerRows::Changes& changes, std::string_view prefix)
      : below_(std::move(below)), changes_(changes), prefix_(prefix), after_(after_prefix(prefix_)) {}

  bool valid() const override { return valid_; }
  std::string_view key() const override { return key_; }
  std::string_view value() const override { return value_; }

  void seek(std::string_view key) override {
    const std::string from(std::max<std::string_view>(key, prefix_));
    below_->seek(from);
    auto change = changes_.lower_bound(from);
    valid_ = false;
    for (; change != changes_.end() && change->first.starts_with(prefix_); ++change) {
      if (below_->valid() && below_->key() < change->first) break;
      if (below_->valid() && below_->key() == change->first) below_->next();
      if (change->second) return take(change->first, *change->second);
    }
    if (below_->valid()) take(below_->key(), below_->value());
  }

  void seek_back(std::string_view key) override {
    seek_back(std::string(std::min<std::string_view>(key, after_)), true);
  }
  void next() override { seek(std::string(key_).append(1, '\0')); }
  void prev() override { seek_back(std::string(key_), false); }

 private:
  void seek_back(const std::string& key, bool inclusive) {
    below_->seek_back(key);
    if (!inclusive && below_->valid() && below_->key() == key) below_->prev();
    auto change = inclusive ? changes_.upper_bound(key) : changes_.lower_bound(key);
    valid_ = false;
    while (change != changes_.begin()) {
      --change;
      if (!change->first.starts_with(prefix_)) {
        if (change->first < prefix_) break;
        continue;  // the first key after the prefix itself
      }
      if (below_->valid() && below_->key() > change->first) break;
      if (below_->valid() && below_->key() == change->first) below_->prev();
      if (change->second) return take(change->first, *change->second);
    }
    if (below_->valid()) take(below_->key(), below_->value());
  }

  void take(std::string_view key, std::string_view value) {
    key_ = key;
    value_ = value;
    valid_ = true;
  }

  std::unique_ptr<RowCursor> below_;
  const LayerRows::Changes& changes_;
  std::string prefix_;
  std::string after_;
  std::string key_;
  std::string value_;
  bool valid_ = false;
};

}  // namespace

std::unique_ptr<RowCursor> merged_cursor(const RowReader& below, const LayerRows::Changes& changes,
                                         std::string_view prefix) {
  return std::make_unique<MergedCursor>(below.cursor(prefix), changes, prefix);
}

}  // namespace daybook::domain
