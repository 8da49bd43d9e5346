#include "projections/queries/timeline.h"

#include <algorithm>

#include "daybook/v1/contact.pb.h"
#include "domain/store.h"
#include "model/row_key.h"
#include "projections/timeline_rows.h"

namespace daybook::projections {
namespace {

constexpr std::size_t kMostContacts = 101;

// The contact, and all that were merged into it, also through others.
std::vector<model::Uuid> merged_contacts(const domain::RowReader& rows, const model::Uuid& contact) {
  std::vector<model::Uuid> ids{contact};
  const std::uint32_t kind = domain::kind_of<v1::Contact>().number;
  for (std::size_t i = 0; i < ids.size() && ids.size() < kMostContacts; ++i) {
    const std::string prefix = model::posting_prefix(kind, v1::Contact::kMergedIntoFieldNumber, ids[i].view());
    rows.scan(prefix, {}, [&](std::string_view key, std::string_view) {
      ids.push_back(model::id_at_end(key));
      return ids.size() < kMostContacts;
    });
  }
  return ids;
}

// One contact's rows. What follows the prefix in a key says when, and orders entries of all contacts.
struct Source {
  std::string prefix;
  std::unique_ptr<domain::RowCursor> row;
  std::string_view place() const { return row->key().substr(prefix.size()); }
};

TimelineEntry entry_of(std::string_view place, std::string_view value) {
  const auto end = value.find('\0');
  const std::string_view reference = value.substr(end + 1);
  TimelineEntry entry;
  entry.kind = value.substr(0, end);
  entry.time_us = -model::integer_in_order(place);
  if (const auto id = model::Uuid::from_bytes(reference)) {
    entry.id = *id;
  } else {
    entry.position = static_cast<std::uint64_t>(model::integer_in_order(reference));
  }
  return entry;
}

}  // namespace

TimelinePage timeline(const domain::RowReader& rows, const model::Uuid& contact, const std::string& from,
                      std::size_t limit) {
  std::vector<Source> sources;
  for (const model::Uuid& id : merged_contacts(rows, contact)) {
    const std::string prefix = timeline_prefix(id);
    sources.push_back({prefix, rows.cursor(prefix)});
    sources.back().row->seek(prefix + from);
  }
  TimelinePage page;
  for (;;) {
    std::erase_if(sources, [](const Source& source) { return !source.row->valid(); });
    if (sources.empty()) return page;
    const auto newest = std::min_element(sources.begin(), sources.end(),
                                         [](const Source& a, const Source& b) { return a.place() < b.place(); });
    if (page.entries.size() == limit) {
      page.next = std::string(newest->place());
      return page;
    }
    page.entries.push_back(entry_of(newest->place(), newest->row->value()));
    newest->row->next();
  }
}

}  // namespace daybook::projections
