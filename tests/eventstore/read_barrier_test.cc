#include "eventstore/read_barrier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "eventstore/log.h"

namespace daybook::eventstore {
namespace {

std::future<bool> held(ReadBarrier& barrier, std::uint64_t epoch) {
  auto answer = std::make_shared<std::promise<bool>>();
  auto future = answer->get_future();
  barrier.hold(epoch, [answer](bool is_certain) { answer->set_value(is_certain); });
  return future;
}

TEST(ReadBarrier, IsCertainInTheSameEpochAlone) {
  ReadBarrier barrier([] { return 10; }, [](std::uint64_t end) { return std::optional(end - 3); });
  EXPECT_TRUE(held(barrier, 7).get());
  EXPECT_FALSE(held(barrier, 6).get());
}

TEST(ReadBarrier, IsNotCertainOfAnotherProcess) {
  ReadBarrier barrier([] { return 10; }, [](std::uint64_t) { return std::nullopt; });
  EXPECT_FALSE(held(barrier, 7).get());
}

TEST(ReadBarrier, IsNotCertainWhereNobodyAnswers) {
  ReadBarrier barrier([]() -> std::uint64_t { throw LogUnreachable("nobody"); },
                      [](std::uint64_t) { return std::optional<std::uint64_t>(7); });
  EXPECT_FALSE(held(barrier, 7).get());
}

TEST(ReadBarrier, AsksOnceForAllThatCameMeanwhile) {
  std::promise<void> asked;
  std::promise<void> go_on;
  std::atomic<int> times = 0;
  ReadBarrier barrier(
      [&] {
        if (++times == 1) {
          asked.set_value();
          go_on.get_future().wait();
        }
        return 10;
      },
      [](std::uint64_t) { return std::optional<std::uint64_t>(7); });
  auto first = held(barrier, 7);
  asked.get_future().wait();
  auto second = held(barrier, 7);
  auto third = held(barrier, 7);
  go_on.set_value();
  EXPECT_TRUE(first.get() && second.get() && third.get());
  EXPECT_EQ(times, 2);
}

TEST(ReadBarrier, AStopAnswersWhatIsHeldAndNothingMore) {
  std::promise<void> asked;
  std::promise<void> go_on;
  ReadBarrier barrier(
      [&] {
        asked.set_value();
        go_on.get_future().wait();
        return 10;
      },
      [](std::uint64_t) { return std::optional<std::uint64_t>(7); });
  auto before = held(barrier, 7);
  asked.get_future().wait();
  auto stopping = std::async(std::launch::async, [&] { barrier.stop(); });
  go_on.set_value();
  stopping.get();
  EXPECT_TRUE(before.get());
  EXPECT_FALSE(held(barrier, 7).get());
}

}  // namespace
}  // namespace daybook::eventstore
