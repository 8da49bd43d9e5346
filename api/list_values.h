#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "api/list_names.h"
#include "domain/store.h"
#include "projections/queries/list.h"

namespace daybook::api {

/// Values of list parameters. An error is a sentence for the client.
template <typename T>
using Read = std::expected<T, std::string>;

/// `text` split at its commas; a text without one is one part, also when empty.
std::vector<std::string_view> split_at_commas(std::string_view text);

/// Ids by `none`, options and currencies in any case, texts case-folded, tags by name (unknown ones match nothing), a
/// pipeline by `default`. False also matches records where the field was never set.
Read<projections::ValueFilter> read_values(const ListName& name, std::string_view text, const domain::View& view);

/// `operation` is gte, gt, lte, lt or empty (equal). A time is RFC 3339 or a date, which means the whole day in UTC:
/// lte and gt look at its end. Money is a decimal number of the currency given, and is compared in minor units.
Read<projections::RangeFilter> read_range(const ListName& name, std::string_view operation, std::string_view text,
                                          std::string_view currency);

}  // namespace daybook::api
