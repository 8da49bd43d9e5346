#pragma once

#include <string_view>

#include "api/call.h"
#include "api/router.h"

namespace daybook::api {

/// What looks back or across records: the feed, the audit log, histories, timelines, tabs and boards.
std::vector<Route> read_routes();

/// GET /v1/events as a page, which may wait for its first event, or as a stream of server-sent events.
void get_events(Call& call);
/// GET /v1/audit, newest first.
void get_audit(Call& call);
/// The changes of the record of the path, field by field, newest first.
Handle get_history(std::string_view kind);
/// What was written about the contact of the path and what happened to it, newest first.
void get_timeline(Call& call);
/// Records of a kind that name the contact of the path: a list with that filter.
Handle get_tab(std::string_view kind, std::string_view of = "contact");
/// What the words of a query find, over all kinds that the caller may read.
void get_search(Call& call);
/// The deals of a pipeline by stage.
void get_board(Call& call);

}  // namespace daybook::api
