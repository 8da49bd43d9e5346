#include "api/errors_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace daybook::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(ErrorsPage, MakesASectionOfEachCode) {
  const std::string page = errors_page("# Errors\n\n## deleted\n410. Gone.\n\n## merged\n409. Merged.\n");
  EXPECT_THAT(page, HasSubstr("<h1>Errors</h1>"));
  EXPECT_THAT(page, HasSubstr("<section id=\"deleted\"><h2>deleted</h2>\n<p>410. Gone.</p>\n</section>\n"
                              "<section id=\"merged\"><h2>merged</h2>\n<p>409. Merged.</p>\n</section>"));
}

TEST(ErrorsPage, ShowsCodeBetweenBackquotes) {
  EXPECT_THAT(errors_page("see `errors` here"), HasSubstr("<p>see <code>errors</code> here</p>"));
}

TEST(ErrorsPage, EscapesWhatHtmlTakesAsMarkup) {
  const std::string page = errors_page("`<script>` & co");
  EXPECT_THAT(page, HasSubstr("<p><code>&lt;script&gt;</code> &amp; co</p>"));
  EXPECT_THAT(page, Not(HasSubstr("<script>")));
}

}  // namespace
}  // namespace daybook::api
