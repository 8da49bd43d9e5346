#include "api/position_wait.h"

#include <future>

#include "tests/api/service_scene.h"

namespace daybook::api::test {
namespace {

constexpr std::chrono::hours kEver{1};
constexpr std::uint64_t kFar = 999'999'999'999;

/// Each request waits for a position of a workspace that has none, and is answered with what came of it.
class PositionWait : public ServiceScene {
 protected:
  void wait_for(std::uint64_t position, std::chrono::milliseconds patience) {
    handler_ = [this, position, patience](const std::shared_ptr<Exchange>& exchange) {
      const std::shared_ptr<int> mark(new int, [this](const int* gone) {
        delete gone;
        released_.set_value();
      });
      wait_for_position(service_, exchange, kOnFirst, position, patience, [exchange, mark](bool is_reached) {
        exchange->reply(text(is_reached ? "reached" : "not reached"));
      });
      exchange->post([this] { waiting_.set_value(); });
    };
  }

  Client waiting_client() {
    Client client = connected();
    client.send("GET / HTTP/1.1\r\nHost: node\r\n\r\n");
    waiting_.get_future().get();
    return client;
  }

  std::promise<void> waiting_;
  std::promise<void> released_;  // whatever waited is gone
};

TEST_F(PositionWait, EndsAtOnceWhereThePositionIsThere) {
  wait_for(0, kEver);
  EXPECT_EQ(body_of(waiting_client().read_answer()), "reached");
}

TEST_F(PositionWait, EndsWhenThePositionIsReached) {
  wait_for(7, kEver);
  Client client = waiting_client();
  positions_.reached(kOnFirst, 7);
  EXPECT_EQ(body_of(client.read_answer()), "reached");
}

TEST_F(PositionWait, EndsWithThePatience) {
  wait_for(kFar, std::chrono::milliseconds(1));
  EXPECT_EQ(body_of(waiting_client().read_answer()), "not reached");
}

TEST_F(PositionWait, LeavesNothingBehindWhenTheClientIsGone) {
  wait_for(kFar, kEver);
  waiting_client().reset();
  EXPECT_EQ(released_.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
}

TEST_F(PositionWait, LeavesNothingBehindWhenItIsOver) {
  wait_for(7, kEver);
  Client client = waiting_client();
  positions_.reached(kOnFirst, 7);
  client.read_answer();
  EXPECT_EQ(released_.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
}

}  // namespace
}  // namespace daybook::api::test
