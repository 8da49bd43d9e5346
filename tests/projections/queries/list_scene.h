#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "daybook/v1/contact.pb.h"
#include "daybook/v1/deal.pb.h"
#include "domain/event.h"
#include "domain/rows.h"
#include "domain/store.h"
#include "projections/queries/list.h"

namespace daybook::projections::test {

inline constexpr std::int64_t kSecondUs = 1'000'000;
inline constexpr std::int64_t kStartUs = 1'767'225'600 * kSecondUs;  // 2026-01-01T00:00:00Z

/// A workspace whose rows come from events by the real fold, one commit a second.
class Scene {
 public:
  explicit Scene(std::uint8_t workspace = 1);

  /// Folds the event as a commit of its own.
  void happen(const domain::Event& event);
  template <typename T>
  model::Uuid add(const T& record) {
    const model::Uuid id = next_id();
    happen({created(domain::kind_of<T>()), domain::kind_of<T>().number, id, record.SerializeAsString(), {}, id});
    return id;
  }
  template <typename T>
  void change(const model::Uuid& id, const T& set, std::vector<std::uint32_t> cleared = {}) {
    const model::Kind& kind = domain::kind_of<T>();
    happen({kind.updated_event, kind.number, id, set.SerializeAsString(), std::move(cleared), id});
  }
  void remove(const model::Kind& kind, const model::Uuid& id);

  const domain::MemoryRows& rows() const { return rows_; }
  model::WorkspaceId workspace() const { return workspace_; }
  /// Records of the kind, deleted ones too, in order of their ids.
  template <typename T>
  std::vector<std::pair<model::Uuid, T>> records() const {
    std::vector<std::pair<model::Uuid, T>> out;
    domain::View(rows_, workspace_).for_each(domain::kind_of<T>(), [&](const model::Uuid& id, std::string_view bytes) {
      out.emplace_back(id, domain::parse<T>(bytes));
      return true;
    });
    return out;
  }

 private:
  static std::string created(const model::Kind& kind) { return kind.created_event; }
  model::Uuid next_id();

  model::WorkspaceId workspace_;
  domain::MemoryRows rows_;
  std::uint64_t position_ = 1;
  std::int64_t time_us_ = kStartUs;
};

/// An id that stands for some other record.
model::Uuid some_id(std::uint8_t number);
std::string bytes(const model::Uuid& id);
const model::Field& field_of(const model::Kind& kind, std::string_view name);
template <typename T>
const model::Field& field_of(std::string_view name) {
  return field_of(domain::kind_of<T>(), name);
}
template <typename T>
ListRequest request_for() {
  ListRequest request;
  request.kind = &domain::kind_of<T>();
  return request;
}

/// Ids of all pages. Fails the test if the walk does not end within `most_pages`.
std::vector<model::Uuid> walk(const domain::RowReader& rows, ListRequest request, std::size_t most_pages = 100'000);

/// Contacts and deals of every kind that filters tell apart: values unset, shared, deleted, changed later.
void add_random_contacts(Scene& scene, std::mt19937& random, std::size_t count);
void add_random_deals(Scene& scene, std::mt19937& random, std::size_t count);

}  // namespace daybook::projections::test
