#include "tests/eventstore/kafka/kafka_scene.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <future>
#include <random>
#include <stdexcept>

namespace daybook::eventstore::testing {

std::string test_brokers() {
  const char* directory = std::getenv("DAYBOOK_TEST_KAFKA");
  if (directory == nullptr) throw std::runtime_error("DAYBOOK_TEST_KAFKA names no directory of deploy/kafka");
  std::ifstream file(std::string(directory) + "/bootstrap");
  std::string brokers;
  if (!std::getline(file, brokers)) throw std::runtime_error("no broker runs in " + std::string(directory));
  return brokers;
}

Network::~Network() {
  for (const int socket : sockets_) ::close(socket);
}

int Network::connect(int socket, const sockaddr* address, socklen_t length) {
  const std::lock_guard lock(mutex_);
  if (is_cut_) return ECONNREFUSED;
  if (::connect(socket, address, length) != 0 && errno != EINPROGRESS) return errno;
  sockets_.push_back(::dup(socket));
  return 0;
}

void Network::cut() {
  const std::lock_guard lock(mutex_);
  is_cut_ = true;
  for (const int socket : sockets_) {
    ::shutdown(socket, SHUT_RDWR);
    ::close(socket);
  }
  sockets_.clear();
}

void Network::mend() {
  const std::lock_guard lock(mutex_);
  is_cut_ = false;
}

KafkaScene::KafkaScene(std::uint32_t partitions) {
  std::random_device random;
  options.brokers = test_brokers();
  options.prefix = "test-" + std::to_string(random()) + std::to_string(random()) + ".";
  options.partitions = partitions;
  options.create_topics = true;
  options.message_timeout = std::chrono::milliseconds(1000);
  options.connect = [network = network](int socket, const sockaddr* address, socklen_t length) {
    return network->connect(socket, address, length);
  };
  open();
}

void KafkaScene::reopen() {
  log.reset();
  open();
}

Delivery KafkaScene::append_to(KafkaLog& log, std::string record, std::vector<WrappedKey> keys) {
  auto fate = std::make_shared<std::promise<Delivery>>();
  log.append(0, {std::move(record), std::move(keys)}, [fate](Delivery delivery) { fate->set_value(delivery); });
  return fate->get_future().get();
}

std::vector<std::string> KafkaScene::records() {
  std::vector<std::string> all;
  const auto reader = log->read(0, 0);
  while (auto record = reader->next(std::chrono::milliseconds(0))) all.push_back(std::move(record->bytes));
  return all;
}

}  // namespace daybook::eventstore::testing
