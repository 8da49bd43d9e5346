#pragma once

#include <string>
#include <string_view>

namespace daybook::api {

/// docs/errors.md as a page: `## code` becomes a section with that id, where the `type` of a problem leads. Knows no
/// more of Markdown than that file uses: headings, paragraphs, and `code`.
std::string errors_page(std::string_view markdown);

}  // namespace daybook::api
