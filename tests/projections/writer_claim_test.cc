#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "tests/projections/writer_scene.h"

namespace daybook::projections {
namespace {

using test::create_notes;
using test::kAcme;
using test::WriterScene;

// Covers the stack that calls before this one have left, and says whether `late` wrote to it.
[[gnu::noinline]] bool leaves_the_stack_alone(const std::function<void()>& late) {
  constexpr unsigned char kMark = 0xA5;
  std::array<volatile unsigned char, 16384> left{};
  for (volatile unsigned char& byte : left) byte = kMark;
  late();
  return std::ranges::all_of(left, [](volatile unsigned char& byte) { return byte == kMark; });
}

TEST(WriterClaim, MayBeReportedAfterItWasReadBack) {
  WriterScene scene;
  scene.log.inject(0, eventstore::Fault::kAckLate);
  scene.restart();
  EXPECT_TRUE(leaves_the_stack_alone([&] { scene.log.release_late(0); }));
  EXPECT_EQ(scene.done(create_notes(kAcme, 1, 10)).kind, eventstore::Outcome::Kind::kCommitted);
}

}  // namespace
}  // namespace daybook::projections
