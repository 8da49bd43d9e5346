#include "api/server/server.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <future>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "api/server/answer.h"
#include "api/server/connection.h"
#include "api/server/loop.h"
#include "api/server/socket.h"
#include "model/named_thread.h"

namespace daybook::api {
namespace {

// A connection between accept and its loop: closed if that loop no longer takes it.
class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  int get() const { return value_; }
  int release() { return std::exchange(value_, -1); }

 private:
  int value_;
};

// One thread with its loop and its connections, which only that thread touches.
struct Worker {
  std::shared_ptr<Loop> loop = std::make_shared<Loop>();
  std::unordered_map<Connection*, std::shared_ptr<Connection>> connections;
  std::jthread thread;

  std::vector<std::shared_ptr<Connection>> all() const {
    std::vector<std::shared_ptr<Connection>> out;
    for (const auto& [key, connection] : connections) out.push_back(connection);
    return out;
  }

  void adopt(const std::shared_ptr<ServerContext>& context, Descriptor descriptor, std::string address) {
    auto connection = std::make_shared<Connection>(loop, context, descriptor.release(), std::move(address),
                                                   [this](Connection* closed) { connections.erase(closed); });
    connections.emplace(connection.get(), connection);
    connection->start();
  }
};

// Best effort: whoever is one too many does not get a loop's attention.
void turn_away(const ServerOptions& options, const Descriptor& descriptor) {
  Response response = options.problem_writer(503, "unavailable", "Too many connections are open; try again later.");
  response.set_header("Retry-After", "1");
  const auto answer = encode_answer(std::move(response), {.keep_alive = false});
  if (!answer) return;
  const std::string& bytes = answer->pieces.front();
  [[maybe_unused]] const auto sent = ::send(descriptor.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  ::shutdown(descriptor.get(), SHUT_WR);
}

}  // namespace

struct Server::State {
  std::shared_ptr<ServerContext> context;
  std::vector<std::unique_ptr<Worker>> workers;
  std::unique_ptr<Listener> listener;  // on the first worker's loop
  std::size_t next_worker = 0;         // on the first worker's thread
  std::uint16_t port = 0;
  bool running = false;

  void take(int accepted, std::string address) {
    Descriptor descriptor(accepted);
    if (!context->admission.enter(address)) return turn_away(context->options, descriptor);
    Worker& worker = *workers[next_worker++ % workers.size()];
    worker.loop->post([this, &worker, descriptor = std::move(descriptor), address = std::move(address)]() mutable {
      worker.adopt(context, std::move(descriptor), std::move(address));
    });
  }

  // Runs `task` on the first worker's thread and waits for it.
  void run_on_first(std::function<void()> task) const {
    std::promise<void> done;
    workers.front()->loop->post([&] {
      task();
      done.set_value();
    });
    done.get_future().wait();
  }
};

Server::Server(ServerOptions options, Handler handler, BodyPolicy policy) : state_(std::make_unique<State>()) {
  const std::size_t most = options.max_connections;
  const std::size_t most_per_address = options.max_connections_per_address;
  state_->context = std::shared_ptr<ServerContext>(new ServerContext{.options = std::move(options),
                                                                     .handler = std::move(handler),
                                                                     .policy = std::move(policy),
                                                                     .admission = {most, most_per_address}});
}

Server::~Server() { stop(); }

void Server::start() {
  State& state = *state_;
  const ServerOptions& options = state.context->options;
  for (unsigned i = 0; i < std::max(1U, options.threads); ++i) state.workers.push_back(std::make_unique<Worker>());
  state.listener = std::make_unique<Listener>(*state.workers.front()->loop, options.host, options.port);
  state.port = state.listener->port();
  state.listener->accept([&state](int accepted, std::string address) { state.take(accepted, std::move(address)); });
  for (const auto& worker : state.workers)
    worker->thread = model::named_thread("http", [loop = worker->loop] { loop->run(); });
  state.running = true;
}

std::uint16_t Server::port() const { return state_->port; }

std::size_t Server::connections() const { return state_->context->admission.open(); }

void Server::stop_accepting() {
  if (state_->running) state_->run_on_first([this] { state_->listener->close(); });
}

bool Server::drain(std::chrono::steady_clock::time_point deadline) {
  if (!state_->running) return true;
  stop_accepting();
  state_->context->draining = true;
  for (const auto& worker : state_->workers)
    worker->loop->post([&w = *worker] {
      for (const auto& connection : w.all()) connection->wind_up();
    });
  const bool empty = state_->context->admission.wait_until_empty(deadline);
  stop();
  return empty;
}

void Server::stop() {
  if (!std::exchange(state_->running, false)) return;
  for (const auto& worker : state_->workers) {
    worker->loop->stop();
    worker->thread.join();
  }
  state_->listener->close();
  for (const auto& worker : state_->workers) {
    for (const auto& connection : worker->all()) connection->close();
    worker->loop->run_out();
    for (const auto& connection : worker->all()) connection->close();
    worker->loop->run_out();
  }
  state_->listener.reset();
}

}  // namespace daybook::api
