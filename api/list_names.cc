#include "api/list_names.h"

#include <algorithm>

#include "daybook/v1/contact.pb.h"
#include "daybook/v1/deal.pb.h"
#include "domain/store.h"
#include "projections/derived_rows.h"

namespace daybook::api {
namespace {

using projections::ListColumn;

const ListColumn kCreated{ListColumn::Of::kCreatedAt, nullptr};
const ListColumn kUpdated{ListColumn::Of::kUpdatedAt, nullptr};

void add_field(const model::Field& field, std::vector<ListName>& names) {
  const bool tags = field.facet && field.refers_to == domain::kind_of<v1::Tag>().number;
  if (tags) names.push_back({"tag", ListName::Use::kTag, &field});
  if (field.internal || field.secret) return;
  if (field.presence) names.push_back({"has_" + field.name, ListName::Use::kPresence, &field});
  if (!projections::is_listed(field)) return;
  if (field.sort) {
    names.push_back({field.name, ListName::Use::kRange, &field, {ListColumn::Of::kField, &field}});
  } else if (field.refers_to == domain::kind_of<v1::Pipeline>().number) {
    names.push_back({"pipeline", ListName::Use::kPipeline, &field});
    names.push_back({field.name, ListName::Use::kPipeline, &field});
  } else {
    names.push_back({field.name, ListName::Use::kValues, &field});
  }
}

}  // namespace

std::vector<ListName> list_names(const model::Kind& kind) {
  std::vector<ListName> names;
  for (const model::Field& field : kind.message->fields) add_field(field, names);
  names.push_back({"created_at", ListName::Use::kRange, nullptr, kCreated});
  names.push_back({"updated_at", ListName::Use::kRange, nullptr, kUpdated});
  return names;
}

std::vector<SortName> sort_names(const model::Kind& kind) {
  std::vector<SortName> names{{"created_at", kCreated}, {"updated_at", kUpdated}};
  for (const model::Field& field : kind.message->fields) {
    if (!field.sort) continue;
    // The normal form of what a record is called is an internal text.
    names.push_back({field.internal ? "name" : field.name, {ListColumn::Of::kField, &field}});
  }
  return names;
}

bool is_searchable(const model::Kind& kind) {
  return std::any_of(kind.message->fields.begin(), kind.message->fields.end(),
                     [](const model::Field& field) { return field.word; });
}

}  // namespace daybook::api
