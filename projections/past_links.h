#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/rows.h"
#include "model/schema.h"
#include "model/uuid.h"

namespace daybook::projections {

/// What referred to a contact or company once and does no longer: one row beside the postings for each link that ended,
/// so that its tabs can be read as of a moment.

/// The row for a posting that a change takes away; nothing where it is of no such reference.
std::optional<std::string> past_link(std::string_view posting);

struct LinkedPage {
  struct Item {
    model::Uuid id;
    std::string record;  // as it was
  };
  std::vector<Item> items;
  std::optional<std::string> next;  // `from` of the next page, which may follow a short one; nothing: it was the last
};

/// The records that referred to `target` through the referrer's field just after `position`, without those deleted
/// then, in order of their creation. Looks at a bounded number of records a page.
LinkedPage linked_as_of(const domain::RowReader& rows, const model::Referrer& referrer, const model::Uuid& target,
                        std::uint64_t position, const std::string& from, std::size_t limit);

}  // namespace daybook::projections
