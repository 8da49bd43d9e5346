#include "domain/merged_cursor.h"

#include "domain/map_cursor.h"

namespace daybook::domain {
namespace {

class LayerCursor final : public MapCursor<LayerRows::Changes, ChangeCursor> {
 public:
  using MapCursor::MapCursor;
  std::string_view value() const override { return erased() ? std::string_view{} : std::string_view(*mapped()); }
  bool erased() const override { return !mapped().has_value(); }
};

// Rows with changes laid over them. Both sides stand at the shown row or, in the direction it moves, behind it.
class MergedCursor final : public RowCursor {
 public:
  MergedCursor(std::unique_ptr<RowCursor> below, std::unique_ptr<ChangeCursor> changes)
      : below_(std::move(below)), changes_(std::move(changes)) {}

  bool valid() const override { return at_ != nullptr; }
  std::string_view key() const override { return at_->key(); }
  std::string_view value() const override { return at_->value(); }

  void seek(std::string_view key) override {
    below_->seek(key);
    changes_->seek(key);
    settle(true);
  }
  void seek_back(std::string_view key) override {
    below_->seek_back(key);
    changes_->seek_back(key);
    settle(false);
  }
  void next() override {
    if (!forward_) seek(std::string(key()));
    leave();
  }
  void prev() override {
    if (forward_) seek_back(std::string(key()));
    leave();
  }

 private:
  // Shows the nearest row of both, passing over what was erased.
  void settle(bool forward) {
    forward_ = forward;
    for (at_ = nullptr; at_ == nullptr && (below_->valid() || changes_->valid());) {
      if (is_below_nearer()) {
        at_ = below_.get();
      } else if (changes_->erased()) {
        pass_change();
      } else {
        at_ = changes_.get();
      }
    }
  }

  bool is_below_nearer() const {
    if (!changes_->valid()) return true;
    if (!below_->valid()) return false;
    return forward_ ? below_->key() < changes_->key() : below_->key() > changes_->key();
  }

  void leave() {
    if (at_ == below_.get()) {
      step(*below_);
    } else {
      pass_change();
    }
    settle(forward_);
  }

  void pass_change() {
    if (below_->valid() && below_->key() == changes_->key()) step(*below_);
    step(*changes_);
  }

  void step(RowCursor& cursor) const {
    if (forward_) {
      cursor.next();
    } else {
      cursor.prev();
    }
  }

  std::unique_ptr<RowCursor> below_;
  std::unique_ptr<ChangeCursor> changes_;
  const RowCursor* at_ = nullptr;
  bool forward_ = true;
};

}  // namespace

std::unique_ptr<RowCursor> merged_cursor(std::unique_ptr<RowCursor> below, std::unique_ptr<ChangeCursor> changes) {
  return std::make_unique<MergedCursor>(std::move(below), std::move(changes));
}

std::unique_ptr<RowCursor> merged_cursor(const RowReader& below, const LayerRows::Changes& changes,
                                         std::string_view prefix) {
  return merged_cursor(below.cursor(prefix), std::make_unique<LayerCursor>(changes, prefix));
}

}  // namespace daybook::domain
