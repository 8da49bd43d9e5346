#include "tests/eventstore/kafka/kafka_scene.h"
#include "tests/eventstore/log_contract.h"

namespace daybook::eventstore::testing {
namespace {

/// A record that a broker never gets within its time is reported unknown, and is not there.
class KafkaUnderTest final : public LogUnderTest {
 public:
  Log& log() override { return *scene_.log; }
  void reopen() override { scene_.reopen(); }
  void break_session() override { scene_.network->cut(); }
  void mend() override { scene_.network->mend(); }

 private:
  KafkaScene scene_;
};

INSTANTIATE_TEST_SUITE_P(Kafka, LogContract, ::testing::Values([]() -> std::unique_ptr<LogUnderTest> {
                           return std::make_unique<KafkaUnderTest>();
                         }));

}  // namespace
}  // namespace daybook::eventstore::testing
