// The publisher's report of how far a topic was written.
#include "domain/publication.h"

#include "tests/domain/given.h"

namespace daybook::domain {
namespace {

constexpr const char* kAt10 = R"(topic: "events" log_offset: 10 marked_at: 5)";

Command report(std::string_view text) {
  return [reported = message<v1::Publication>(text)](const View& view, const Context& context) {
    return report_published(reported, view, context);
  };
}

TEST(Publication, BeginsWithTheFirstReport) {
  Scene scene;
  scene.when(report(kAt10)).then({created<v1::Publication>("new1", kAt10)}).and_again_nothing();
}

TEST(Publication, AdvancesWithALaterOne) {
  Scene scene;
  scene.given({created<v1::Publication>("p", kAt10)})
      .when(report(R"(topic: "events" log_offset: 11 marked_at: 6)"))
      .then({updated<v1::Publication>("p", "log_offset: 11 marked_at: 6")});
}

TEST(Publication, NeverGoesBack) {
  Scene scene;
  scene.given({created<v1::Publication>("p", kAt10)})
      .when(report(R"(topic: "events" log_offset: 9 marked_at: 7)"))
      .then_nothing();
}

TEST(Publication, BeginsAnewOnAnotherLog) {
  Scene scene;
  scene.given({created<v1::Publication>("p", kAt10)})
      .when(report(R"(topic: "events" log_offset: 9 marked_at: 7 log: @copy)"))
      .then({updated<v1::Publication>("p", "log_offset: 9 marked_at: 7 log: @copy")})
      .and_again_nothing();
}

TEST(Publication, OfAnotherTopicIsAnother) {
  Scene scene;
  scene.given({created<v1::Publication>("p", kAt10)})
      .when(report(R"(topic: "others" log_offset: 3 marked_at: 7)"))
      .then({created<v1::Publication>("new1", R"(topic: "others" log_offset: 3 marked_at: 7)")});
}

}  // namespace
}  // namespace daybook::domain
