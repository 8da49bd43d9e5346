#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/result.h"
#include "domain/store.h"
#include "model/json_writer.h"
#include "projections/queries/list.h"

namespace daybook::api {

/// The query of a list (http.md: paging, filters), from decoded names and values. A value's commas mean or; a name
/// given twice is refused, as it would be read as one or the other by different people.
///
/// Names: limit (1 to 500), cursor, sort (one name, `-` before it for descending), total, include_deleted, fields,
/// expand, q where the kind has words; and those of api/list_names.h, which follow from the kind's options.
///
/// Money bounds are read with the digits of the one currency that the query names, else of the workspace's currency,
/// and compared in minor units: together with `currency` they mean what they say.

struct ParameterProblem {
  std::string parameter;
  std::string code;  // unknown_parameter or invalid_parameter
  std::string detail;
  bool operator==(const ParameterProblem&) const = default;
};

/// What a route allows besides.
struct ListOffer {
  std::vector<std::string_view> expand;        // values of expand
  std::vector<std::string_view> extra_fields;  // members that are not fields of the kind, such as deal_count
  std::vector<std::string_view> others;        // parameters that the route reads itself
};

struct ListParameters {
  projections::ListRequest request;  // its position is for the caller, from the cursor (api/cursor.h)
  std::optional<std::string> cursor;
  std::optional<model::Selection> selection;  // of `fields`
  std::vector<std::string> extra_fields;      // of `fields`, those of the offer
  std::vector<std::string> expand;
};

/// Every problem at once. Tags and the default pipeline are looked up in `view`.
std::expected<ListParameters, std::vector<ParameterProblem>> parse_list_parameters(
    const model::Kind& kind, const std::vector<std::pair<std::string, std::string>>& parameters,
    const domain::View& view, const ListOffer& offer = {});

/// 400 with the first problem's code and detail, and all of them as errors.
domain::Rejection rejection_of(const std::vector<ParameterProblem>& problems);

}  // namespace daybook::api
