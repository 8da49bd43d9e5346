#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daybook/v1/common.pb.h"
#include "domain/event.h"
#include "domain/rows.h"
#include "model/record.h"
#include "model/schema.h"

namespace daybook::domain {

/// The kind whose record T is.
template <typename T>
const model::Kind& kind_of() {
  static const model::Kind& kKind = *model::schema().kind_of_message(T::descriptor()->full_name());
  return kKind;
}

/// A typed copy of record bytes. Throws std::runtime_error on bytes that are not a T.
template <typename T>
T parse(std::string_view record) {
  T message;
  if (!message.ParseFromArray(record.data(), static_cast<int>(record.size()))) {
    throw std::runtime_error("a stored " + T::descriptor()->name() + " does not parse; rebuild the read models");
  }
  return message;
}

/// Reads one workspace. Records are wire bytes; `find<T>` gives a typed copy.
class View {
 public:
  View(const RowReader& rows, model::WorkspaceId workspace) : rows_(rows), workspace_(workspace) {}

  model::WorkspaceId workspace() const { return workspace_; }
  const RowReader& rows() const { return rows_; }

  std::optional<std::string> record(const model::Kind& kind, const model::Uuid& id) const;
  /// The id of the live record that holds `value` in the key space.
  std::optional<model::Uuid> find_unique(const model::Kind& kind, std::string_view space, std::string_view value) const;
  /// Ids of records, deleted ones too, whose facet or reference holds `value` (as in a posting row), in order of
  /// creation; of a unique field those of deleted records alone. False from `visit` ends it.
  void for_each_posting(const model::Kind& kind, const model::Field& field, std::string_view value,
                        const std::function<bool(const model::Uuid&)>& visit) const;
  /// Ids of all records of the kind, deleted ones too, in order of creation.
  void for_each(const model::Kind& kind,
                const std::function<bool(const model::Uuid&, std::string_view record)>& visit) const;

  /// How many live records there are of a counted kind.
  std::int64_t live_count(const model::Kind& kind) const;

  template <typename T>
  std::optional<T> find(const model::Uuid& id) const {
    const auto bytes = record(kind_of<T>(), id);
    if (!bytes) return std::nullopt;
    return parse<T>(*bytes);
  }

 private:
  const RowReader& rows_;
  model::WorkspaceId workspace_;
};

/// What the store writes into the system columns of every record that a command changes.
struct Stamp {
  std::int64_t time_us = 0;
  Actor actor;
  model::Uuid command;
};

/// Writes one workspace: records, and with them the unique keys and postings that decisions read.
class Store {
 public:
  Store(Rows& rows, model::WorkspaceId workspace, Stamp stamp)
      : rows_(rows), view_(rows, workspace), stamp_(std::move(stamp)) {}

  const View& view() const { return view_; }
  const Stamp& stamp() const { return stamp_; }

  /// Stores the record, stamped: version, times and actors change once per command however often it is put.
  void put(const model::Kind& kind, const model::Uuid& id, std::string_view record);

  template <typename T>
  void put(const model::Uuid& id, const T& message) {
    put(kind_of<T>(), id, message.SerializeAsString());
  }

  /// Lays a patch over the record; the record must exist.
  void patch(const model::Kind& kind, const model::Uuid& id, std::string_view set,
             const std::vector<std::uint32_t>& cleared);

  /// Rows besides records that a fold keeps for later decisions (model/row_key.h).
  Rows& rows() { return rows_; }

 private:
  void count_live(const model::Kind& kind, const std::optional<std::string>& before, std::string_view after);
  std::string stamped(const std::optional<std::string>& before, std::string_view record) const;

  Rows& rows_;
  View view_;
  Stamp stamp_;
};

/// System columns of record bytes.
v1::Meta meta_of(std::string_view record);
/// A sparse record that holds these system columns and nothing else.
std::string with_meta(const v1::Meta& meta);
bool is_deleted(std::string_view record);
/// Whose key seals the personal half of what happens to the record.
model::Uuid subject_of(const model::Uuid& id, std::string_view record);

/// The unique keys and postings of a record: what stands in the state besides it that decisions read.
std::vector<std::pair<std::string, std::string>> decision_rows(const model::Kind& kind, const model::Uuid& id,
                                                               std::string_view record);

}  // namespace daybook::domain
