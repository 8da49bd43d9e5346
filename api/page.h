#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "api/call.h"

namespace daybook::api {

/// What walks by position share: the audit log, timelines, histories. A walk's cursor is bound to its path and to every
/// parameter but limit, cursor and min_position.

inline constexpr std::size_t kMostOnPage = 500;

/// A whole number of at most 18 digits.
std::optional<std::uint64_t> parse_position(std::string_view text);

/// `limit`, from 1 to 500; `usual` if it is not given. Answers 400 and gives nothing on any other.
std::optional<std::size_t> page_limit(Call& call, std::size_t usual = 50);

/// Where the walk goes on: what the page before gave as next, empty without a cursor. Answers 400 `invalid_cursor` and
/// gives nothing if the cursor is not one of this walk.
std::optional<std::string> page_start(Call& call);

/// Answers `{"data":[…],"next_cursor":…}` with `Link: rel="next"`; `data` are its elements, `next` the walk's next
/// place, `extra` further members.
void reply_page(Call& call, std::string_view data, const std::optional<std::string>& next, std::uint64_t position,
                std::string_view extra = {});

/// The position that `text`, an RFC 3339 time or a position, names: 0 before the first event, that of the last one for
/// a time beyond it. Nothing if it is neither.
std::optional<std::uint64_t> parse_point(std::string_view text, const domain::RowReader& rows);

}  // namespace daybook::api
