#include "domain/store.h"

#include <algorithm>
#include <stdexcept>

#include "model/row_key.h"
#include "model/wire.h"

namespace daybook::domain {
namespace {

constexpr std::uint32_t kMetaField = 1;

// How a field's value stands in a posting key.
std::string posting_value(const model::Field& field, const model::WireField& wire) {
  if (field.type == model::FieldType::kId) return std::string(wire.bytes);
  if (field.is_bytes()) return model::ordered_text(wire.bytes);
  return model::ordered_integer(static_cast<std::int64_t>(wire.varint));
}

void set_actor(v1::Actor& out, const Actor& actor) {
  out.set_kind(static_cast<v1::Actor::Kind>(actor.kind));
  if (actor.id.is_nil()) {
    out.clear_id();
  } else {
    out.set_id(std::string(actor.id.view()));
  }
}

}  // namespace

std::optional<std::string> View::record(const model::Kind& kind, const model::Uuid& id) const {
  return rows_.get(model::entity_key(kind.number, id));
}

std::optional<model::Uuid> View::find_unique(const model::Kind& kind, std::string_view space,
                                             std::string_view value) const {
  const auto row = rows_.get(model::unique_key(kind.number, space, value));
  return row ? model::Uuid::from_bytes(*row) : std::nullopt;
}

void View::for_each_posting(const model::Kind& kind, const model::Field& field, std::string_view value,
                            const std::function<bool(const model::Uuid&)>& visit) const {
  rows_.scan(model::posting_prefix(kind.number, field.number, value), {},
             [&](std::string_view key, std::string_view) { return visit(model::id_at_end(key)); });
}

void View::for_each(const model::Kind& kind,
                    const std::function<bool(const model::Uuid&, std::string_view)>& visit) const {
  rows_.scan(model::entity_prefix(kind.number), {},
             [&](std::string_view key, std::string_view value) { return visit(model::id_at_end(key), value); });
}

std::int64_t View::live_count(const model::Kind& kind) const {
  const auto row = rows_.get(model::live_key(kind.number));
  return row ? model::integer_in_order(*row) : 0;
}

std::string Store::stamped(const std::optional<std::string>& before, std::string_view record) const {
  v1::Meta meta = meta_of(record);
  if (meta.command() != stamp_.command.view()) {
    meta.set_version(before ? meta.version() + 1 : 1);
    meta.set_command(std::string(stamp_.command.view()));
    meta.set_updated_at(stamp_.time_us);
    set_actor(*meta.mutable_updated_by(), stamp_.actor);
    if (!before) {
      meta.set_created_at(stamp_.time_us);
      set_actor(*meta.mutable_created_by(), stamp_.actor);
    }
  }
  return model::overlay(record, with_meta(meta), {});
}

void Store::put(const model::Kind& kind, const model::Uuid& id, std::string_view record) {
  const std::string key = model::entity_key(kind.number, id);
  const std::optional<std::string> before = rows_.get(key);
  const std::string after = stamped(before, record);
  auto old_rows = before ? decision_rows(kind, id, *before) : std::vector<std::pair<std::string, std::string>>{};
  auto new_rows = decision_rows(kind, id, after);
  // Release before take: a merge moves a unique key between two records of one commit.
  for (const auto& row : old_rows) {
    if (std::find(new_rows.begin(), new_rows.end(), row) != new_rows.end()) continue;
    const auto stored = rows_.get(row.first);
    if (stored && *stored == row.second) rows_.erase(row.first);
  }
  for (const auto& row : new_rows) {
    if (std::find(old_rows.begin(), old_rows.end(), row) == old_rows.end()) rows_.put(row.first, row.second);
  }
  rows_.put(key, after);
  if (kind.counted) count_live(kind, before, after);
}

void Store::count_live(const model::Kind& kind, const std::optional<std::string>& before, std::string_view after) {
  const bool was_live = before && !is_deleted(*before);
  const bool is_live = !is_deleted(after);
  if (was_live == is_live) return;
  rows_.put(model::live_key(kind.number), model::ordered_integer(view_.live_count(kind) + (is_live ? 1 : -1)));
}

void Store::patch(const model::Kind& kind, const model::Uuid& id, std::string_view set,
                  const std::vector<std::uint32_t>& cleared) {
  const auto before = view_.record(kind, id);
  if (!before) throw std::logic_error("a fact about the unknown " + kind.name + " " + id.text());
  put(kind, id, model::overlay(*before, set, cleared));
}

v1::Meta meta_of(std::string_view record) {
  v1::Meta meta;
  if (const auto bytes = model::get_bytes(record, kMetaField)) {
    if (!meta.ParseFromArray(bytes->data(), static_cast<int>(bytes->size()))) {
      throw std::runtime_error("the system columns of a stored record do not parse; rebuild the read models");
    }
  }
  return meta;
}

std::string with_meta(const v1::Meta& meta) {
  std::string record;
  model::append_bytes_field(record, kMetaField, meta.SerializeAsString());
  return record;
}

bool is_deleted(std::string_view record) {
  const auto meta = model::get_bytes(record, kMetaField);
  return meta && model::get_integer(*meta, v1::Meta::kDeletedAtFieldNumber).has_value();
}

model::Uuid subject_of(const model::Uuid& id, std::string_view record) {
  const auto meta = model::get_bytes(record, kMetaField);
  if (!meta) return id;
  return model::get_uuid(*meta, v1::Meta::kSubjectFieldNumber).value_or(id);
}

std::vector<std::pair<std::string, std::string>> decision_rows(const model::Kind& kind, const model::Uuid& id,
                                                               std::string_view record) {
  std::vector<std::pair<std::string, std::string>> rows;
  const bool live = !is_deleted(record);
  model::WireReader reader(record);
  for (model::WireField wire; reader.next(wire);) {
    const model::Field* field = kind.message->field(wire.number);
    if (field == nullptr) continue;
    const bool is_unique = !field->unique.empty();
    if (is_unique && live) {
      rows.emplace_back(model::unique_key(kind.number, field->unique, wire.bytes), std::string(id.view()));
    }
    if (field->facet || field->refers_to != 0 || (is_unique && !live)) {
      rows.emplace_back(model::posting_key(kind.number, field->number, posting_value(*field, wire), id), "");
    }
  }
  return rows;
}

}  // namespace daybook::domain
