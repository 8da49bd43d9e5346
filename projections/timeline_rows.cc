#include "projections/timeline_rows.h"

#include "daybook/v1/work.pb.h"
#include "domain/store.h"
#include "model/row_key.h"

namespace daybook::projections {
namespace {

std::string key_at(const model::Uuid& contact, std::int64_t time_us, std::string_view tail) {
  return timeline_prefix(contact).append(model::ordered_integer(-time_us)).append(tail);
}

void add(std::string_view entry, const std::string& contact, std::int64_t time_us, const model::Uuid& id,
         DerivedRows& out) {
  const auto contact_id = model::Uuid::from_bytes(contact);
  if (!contact_id) return;
  out.rows.emplace(key_at(*contact_id, time_us, id.view()), std::string(entry).append(1, '\0').append(id.view()));
}

}  // namespace

std::string timeline_prefix(const model::Uuid& contact) {
  return std::string(1, static_cast<char>(model::RowType::kTimeline)).append(contact.view());
}

void add_timeline_rows(const model::Kind& kind, const model::Uuid& id, std::string_view record, DerivedRows& out) {
  if (kind.number == domain::kind_of<v1::Note>().number) {
    const auto note = domain::parse<v1::Note>(record);
    if (!note.meta().has_deleted_at()) add("note", note.contact_id(), note.meta().created_at(), id, out);
  } else if (kind.number == domain::kind_of<v1::Activity>().number) {
    const auto activity = domain::parse<v1::Activity>(record);
    const std::int64_t at = activity.has_occurred_at() ? activity.occurred_at() : activity.meta().created_at();
    if (!activity.meta().has_deleted_at()) add("activity", activity.contact_id(), at, id, out);
  }
}

TimelineRow timeline_row(const domain::Event& event, std::uint64_t position, std::int64_t time_us,
                         const std::optional<model::Uuid>& deal_contact) {
  const std::string place = model::ordered_integer(static_cast<std::int64_t>(position));
  if (event.name == "deal.won" && deal_contact) {
    return {key_at(*deal_contact, time_us, place), std::string("deal_won").append(1, '\0').append(place)};
  }
  if (event.name == "contact.merged") {
    return {key_at(event.id, time_us, place), std::string("merge").append(1, '\0').append(place)};
  }
  return {};
}

}  // namespace daybook::projections
