#include "api/nodes/forwarder.h"

#include <curl/curl.h>

#include <chrono>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "api/nodes/inbox.h"
#include "api/nodes/transfer.h"
#include "model/named_thread.h"

namespace daybook::api {
namespace {

constexpr int kLongestWaitMs = 60000;                  // libcurl's own timers and the inbox end it earlier
constexpr std::chrono::milliseconds kLookAgain{1000};  // whether owners are still what they were

struct MultiCleanup {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
using Clock = std::chrono::steady_clock;
using Multi = std::unique_ptr<CURLM, MultiCleanup>;

void check(CURLMcode code, std::string_view what) {
  if (code == CURLM_OK) return;
  throw std::runtime_error("libcurl failed to " + std::string(what) + ": " + curl_multi_strerror(code) +
                           "; check the limits of memory and open files");
}

Multi make_multi(const ForwarderOptions& options) {
  Multi multi(curl_multi_init());
  if (!multi) throw std::runtime_error("libcurl can't be set up; check the memory limit");
  check(curl_multi_setopt(multi.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(options.max_idle_connections)),
        "bound its connections");
  return multi;
}

}  // namespace

struct Forwarder::State {
  explicit State(ForwarderOptions given)
      : options(std::move(given)),
        multi(make_multi(options)),
        inbox(std::make_shared<Inbox>(options.max_under_way, [this] { curl_multi_wakeup(multi.get()); })) {}

  void run(const std::stop_token& stop);
  void serve(const std::stop_token& stop);
  void open_letters();
  void start(Forward forward);
  void end_finished();
  void leave_deserted();
  void end(Transfer& transfer, CURLcode code);
  void drop(std::uint64_t id);
  void note_failure(const std::string& url, const std::string& what);

  const ForwarderOptions options;
  Multi multi;
  const std::shared_ptr<Inbox> inbox;
  std::uint64_t next_id = 1;  // of the thread alone, as what follows
  std::map<std::uint64_t, std::unique_ptr<Transfer>> transfers;
  std::set<std::string> failing;  // owners that failed since they last answered
  Clock::time_point looked_at{};  // for transfers that are deserted
  std::jthread thread;
};

void Forwarder::State::run(const std::stop_token& stop) {
  try {
    serve(stop);
  } catch (const std::exception& error) {
    options.log(std::string("requests are no longer handed on to other nodes: ") + error.what());
    if (options.on_failed) options.on_failed();
  }
  inbox->close();
  open_letters();
  for (const auto& [id, transfer] : transfers) transfer->stop();
  transfers.clear();
}

void Forwarder::State::serve(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    open_letters();
    int running = 0;
    check(curl_multi_perform(multi.get(), &running), "go on");
    end_finished();
    leave_deserted();
    const int wait_ms = transfers.empty() ? kLongestWaitMs : static_cast<int>(kLookAgain.count());
    check(curl_multi_poll(multi.get(), nullptr, 0, wait_ms, nullptr), "wait");
  }
}

void Forwarder::State::open_letters() {
  Inbox::Letters letters = inbox->take();
  for (Forward& forward : letters.forwards) start(std::move(forward));
  for (const auto& [id, news] : letters.news) {
    const auto found = transfers.find(id);
    if (found != transfers.end() && !found->second->hear(news)) drop(id);
  }
}

void Forwarder::State::start(Forward forward) {
  const std::uint64_t id = next_id++;
  auto transfer = std::make_unique<Transfer>(id, std::move(forward), options,
                                             [box = inbox, id](const ClientNews& news) { box->put(id, news); });
  Transfer& started = *transfers.emplace(id, std::move(transfer)).first->second;
  try {
    started.start(multi.get());
  } catch (const std::exception& error) {
    options.log(std::string("a request is not handed on to ") + started.url() + ": " + error.what());
    started.fail("The request could not be handed on; nothing was done.");
    drop(id);
  }
}

void Forwarder::State::end_finished() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    Transfer* transfer = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
    end(*transfer, message->data.result);
    drop(transfer->id());
  }
}

void Forwarder::State::leave_deserted() {
  const auto now = Clock::now();
  if (now - looked_at < kLookAgain) return;
  looked_at = now;
  std::vector<std::uint64_t> deserted;
  for (const auto& [id, transfer] : transfers) {
    if (!transfer->is_deserted(now)) continue;
    note_failure(transfer->url(), transfer->url() + " does not answer, and another node has taken its place");
    transfer->fail("The workspace has passed to another node; nothing was done.");
    deserted.push_back(id);
  }
  for (const std::uint64_t id : deserted) drop(id);
}

void Forwarder::State::end(Transfer& transfer, CURLcode code) {
  try {
    const auto trouble = transfer.end(code);
    if (trouble) return note_failure(transfer.url(), *trouble);
    failing.erase(transfer.url());
  } catch (const std::exception& error) {
    options.log(std::string("what is done with an answer of ") + transfer.url() + " threw: " + error.what());
  }
}

void Forwarder::State::drop(std::uint64_t id) {
  const auto found = transfers.find(id);
  inbox->leave(found->second->url());
  transfers.erase(found);
}

// One line, however many requests meet the same: until the owner answers again.
void Forwarder::State::note_failure(const std::string& url, const std::string& what) {
  if (failing.insert(url).second) options.log(what);
}

Forwarder::Forwarder(ForwarderOptions options) : state_(std::make_unique<State>(std::move(options))) {
  state_->thread =
      model::named_thread("forwarder", [state = state_.get()](const std::stop_token& stop) { state->run(stop); });
}

Forwarder::~Forwarder() { stop(); }

void Forwarder::forward(Forward forward) {
  const Inbox::Put put = state_->inbox->put(forward);
  if (put == Inbox::Put::kTaken) return;
  give_problem(forward, "unavailable",
               put == Inbox::Put::kFull ? "Too many requests are on their way to other nodes; nothing was done."
                                        : "The server is stopping; nothing was done.");
}

void Forwarder::stop() {
  state_->thread.request_stop();
  curl_multi_wakeup(state_->multi.get());
  if (state_->thread.joinable()) state_->thread.join();
}

}  // namespace daybook::api
