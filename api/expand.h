#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/call.h"
#include "api/list_parameters.h"

namespace daybook::api {

/// `expand` and `fields` of reads: what stands in an answer besides a record's own members, or instead of them all.

/// What lists and reads of the kind offer: a contact's company and its newest deals.
ListOffer offer_of(const model::Kind& kind);

/// The members `company` and `deals` of a contact, without braces; empty where nothing is expanded.
std::string expanded_members(const domain::RowReader& rows, std::string_view contact, const model::Uuid& id,
                             const std::vector<std::string>& expand);

/// The record as `fields` and `expand` want it; a list row carries counts too.
std::string shown_json(const domain::RowReader& rows, const model::Kind& kind, const model::Uuid& id,
                       std::string_view record, const ListParameters& shown, bool in_list);

/// `fields` and `expand` of a single read; answers 400 and gives nothing on a name that there is not.
std::optional<ListParameters> read_shown(Call& call, const model::Kind& kind, const domain::RowReader& rows);

}  // namespace daybook::api
