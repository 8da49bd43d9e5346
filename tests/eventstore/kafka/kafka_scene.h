#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "eventstore/kafka/kafka_log.h"

namespace daybook::eventstore::testing {

/// The addresses of the broker that the ctest fixture `kafka` keeps running (DAYBOOK_TEST_KAFKA names its directory).
std::string test_brokers();

/// A network between the log and its brokers that a test cuts. Thread-safe.
class Network {
 public:
  Network() = default;
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  /// For KafkaOptions::connect.
  int connect(int socket, const sockaddr* address, socklen_t length);
  /// Ends every connection; new ones are refused.
  void cut();
  void mend();

 private:
  std::mutex mutex_;
  bool is_cut_ = false;
  std::vector<int> sockets_;  // copies of the descriptors, so that none of another connection is ended
};

/// A log of its own on the broker: topics that no other test has.
struct KafkaScene {
  explicit KafkaScene(std::uint32_t partitions = 1);

  std::shared_ptr<Network> network = std::make_shared<Network>();
  KafkaOptions options;
  std::unique_ptr<KafkaLog> log;

  void open() { log = std::make_unique<KafkaLog>(options); }
  void reopen();
  Delivery append(std::string record, std::vector<WrappedKey> keys = {}) {
    return append_to(*log, std::move(record), std::move(keys));
  }
  static Delivery append_to(KafkaLog& log, std::string record, std::vector<WrappedKey> keys = {});
  std::vector<std::string> records();
};

}  // namespace daybook::eventstore::testing
