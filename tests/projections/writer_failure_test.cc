#include <gtest/gtest.h>

#include "tests/projections/writer_scene.h"

namespace daybook::projections {
namespace {

using eventstore::Outcome;
using test::create_notes;
using test::kAcme;
using test::WriterScene;

TEST(WriterFailure, WhileACommandIsDecidedRefusesIt) {
  WriterScene scene;
  scene.log.hold(0);
  auto first = scene.send(create_notes(kAcme, 1, 10));
  auto second = create_notes(kAcme, 1, 10);
  second.decide = [&, decide = second.decide](const domain::View& view, const domain::Context& context) {
    scene.log.reopen_session(0);  // the first one's append is reported to be unknown
    return decide(view, context);
  };
  auto decided_meanwhile = scene.send(std::move(second));
  EXPECT_EQ(first.get().kind, Outcome::Kind::kUnknown);
  ASSERT_EQ(decided_meanwhile.wait_for(std::chrono::seconds(10)), std::future_status::ready) << "it is never answered";
  EXPECT_EQ(decided_meanwhile.get().kind, Outcome::Kind::kUnavailable);
  EXPECT_EQ(scene.log.held(0), 0U) << "what is refused must not reach the log";
}

}  // namespace
}  // namespace daybook::projections
