#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "api/call.h"
#include "api/router.h"
#include "model/record.h"

namespace daybook::api {

/// What every kind can do over HTTP; a kind with commands of its own replaces single handles in its own file.
Handle get_record(std::string_view kind);
Handle list_records(std::string_view kind);
Handle create_record(std::string_view kind);
Handle update_record(std::string_view kind);
Handle delete_record(std::string_view kind);
Handle restore_record(std::string_view kind);

/// The routes of a kind that needs nothing else, under its plural.
std::vector<Route> generic_routes(std::string_view kind, std::string_view scope);

/// The record that the path names by its id; a pipeline also as `default`.
struct FoundRecord {
  model::Uuid id;
  std::string record;
};
/// The id of the path's pipeline, which may be `default`; nothing where it is none.
std::optional<model::Uuid> pipeline_of(const Call& call, const domain::View& view);

/// The record of the path as a GET finds it. Answers and gives nothing where it does not: 404, 410 of a deleted one,
/// 307 to the same path of the survivor of a merged one; the last two not with include_deleted=true.
std::optional<FoundRecord> find_record(Call& call, const model::Kind& kind, const domain::RowReader& rows);

/// The same, as the record stood after `position` if that is given.
std::optional<FoundRecord> find_record_at(Call& call, const model::Kind& kind, const domain::RowReader& rows,
                                          std::optional<std::uint64_t> position);
/// The position that `as_of` names. Answers and gives nothing where it names none, or one that is ahead.
std::optional<std::uint64_t> as_of_position(Call& call, const std::string& as_of, const domain::RowReader& rows);

/// The record of the path as a GET answers it, now or `as_of` a time or position: as find_record, and 304. Without ETag
/// where as_of, fields or expand is given.
void answer_record(Call& call, const model::Kind& kind);

/// Reads the patch of the body against the record of the path; answers and gives nothing if it cannot.
std::optional<model::Patch> read_patch(Call& call, const model::Kind& kind, const model::Uuid& id,
                                       Refusal refusal = nullptr);

}  // namespace daybook::api
