#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/schema.h"

namespace daybook::projections {

/// Whether a word of `text` (model::search_words) begins with `prefix`, one of model::query_words. Plain ASCII is
/// compared where it stands, without making its words.
bool word_begins(std::string_view text, std::string_view prefix);

/// Whether each of the prefixes, at most 63, begins a word of the record.
bool words_begin(const model::Kind& kind, std::string_view record, const std::vector<std::string>& prefixes);

}  // namespace daybook::projections
