#pragma once

#include <string>
#include <string_view>

#include "domain/rows.h"
#include "model/json_writer.h"
#include "model/schema.h"
#include "model/uuid.h"

namespace daybook::api {

/// How records look outside: what is joined at read (tag names, the company's current name, deal counts) stands here,
/// so that rows hold only the record's own values.
struct RenderOptions {
  model::Selection selection{};
  bool with_deal_count = false;  // of a contact: no part of its version
  std::string_view extra{};      // further members, as JSON without the braces
  bool with_tags = true;         // of a contact
};

std::string record_json(const domain::RowReader& rows, const model::Kind& kind, const model::Uuid& id,
                        std::string_view record, const RenderOptions& options = {});

/// Names of a contact's tags as a JSON list.
std::string tag_names_json(const domain::RowReader& rows, std::string_view contact);

/// `"7"`, the ETag of a bare record (RFC 9110 §8.8.3).
std::string etag_of(std::string_view record);

/// A JSON string with its quotes.
std::string json_string(std::string_view text);

}  // namespace daybook::api
