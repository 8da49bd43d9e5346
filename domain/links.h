#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daybook/v1/common.pb.h"
#include "domain/store.h"

namespace daybook::domain {

/// How facts name other records, and what deleting, restoring and merging do to references.

/// An event names at most this many records; the others follow in events of the same commit.
inline constexpr std::size_t kNamesPerEvent = 5000;

/// Names that are written out into one message after the other.
template <typename Ref>
class Names {
 public:
  void add(Ref name) { names_.push_back(std::move(name)); }
  const std::vector<Ref>& all() const { return names_; }
  bool done() const { return next_ == names_.size(); }
  /// Adds the next ones, at most `room` of them, and says how much room is left.
  template <typename Field>
  std::size_t write(Field& out, std::size_t room) {
    for (; room > 0 && !done(); --room) *out.Add() = names_[next_++];
    return room;
  }

 private:
  std::vector<Ref> names_;
  std::size_t next_ = 0;
};

const model::Kind& kind_numbered(std::uint32_t number);
/// The id that a fact names; nil on bytes that are none.
model::Uuid named_id(std::string_view bytes);
v1::RecordRef name_record(const model::Kind& kind, const model::Uuid& id);
v1::LinkRef name_link(const model::Referrer& referrer, const model::Uuid& id);

/// What a deletion of what `referrer` refers to does to this record.
model::OnDelete effect_on(const model::Referrer& referrer, std::string_view record);

/// The record with `field` referring to `target`. A list of references is a set, kept in order of ids, so that taking
/// one out and putting it back is the identity.
std::string with_link(std::string_view record, const model::Field& field, std::string_view target);
/// The record without `target` in `field`; unchanged where something else stands there.
std::string without_link(std::string_view record, const model::Field& field, std::string_view target);

/// Marks the record as deleted, with another one if `with` is given; an unknown record is left alone.
void hide(const model::Kind& kind, const model::Uuid& id, const std::optional<model::Uuid>& with, Store& store);
void show(const model::Kind& kind, const model::Uuid& id, Store& store);

/// Rows that keep, under a deleted record's id, what its restore or unmerge needs: one for each event that named it.
void remember(const model::Uuid& deleted, std::string_view data, Store& store);
std::vector<std::string> remembered(const model::Uuid& deleted, const View& view);
void forget(const model::Uuid& deleted, Store& store);

void apply_relinked(const Event& event, Store& store);
/// Makes the references point to `target`, where they say none of their own; `previous` is what they leave, if
/// anything.
void relink(const google::protobuf::RepeatedPtrField<v1::LinkRef>& links, const model::Uuid& target,
            std::string_view previous, Store& store);

}  // namespace daybook::domain
