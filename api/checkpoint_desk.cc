#include "api/checkpoint_desk.h"

#include <condition_variable>
#include <memory>
#include <utility>

#include "eventstore/counted_reader.h"
#include "model/named_thread.h"
#include "projections/passing_directory.h"
#include "projections/state_archive.h"

namespace daybook::api {
namespace {

// The client is gone, or the server stops.
struct CutOff {};

// The body of a stream, written by a thread that waits until the client has taken each piece.
class PacedBody {
 public:
  PacedBody(Exchange& exchange, const std::stop_token& stop) : exchange_(exchange), stop_(stop) {}

  // Throws CutOff.
  void write(std::string_view bytes) {
    const auto piece = std::make_shared<Piece>();  // the report may come after this call
    const bool is_accepted = exchange_.write(std::string(bytes), [piece](bool is_taken) {
      const std::lock_guard lock(piece->mutex);
      piece->is_taken = is_taken;
      piece->changed.notify_one();
    });
    if (!is_accepted) throw CutOff();
    std::unique_lock lock(piece->mutex);
    piece->changed.wait(lock, stop_, [&] { return piece->is_taken.has_value(); });
    if (!piece->is_taken.value_or(false)) throw CutOff();
  }

 private:
  struct Piece {
    std::mutex mutex;
    std::condition_variable_any changed;
    std::optional<bool> is_taken;
  };

  Exchange& exchange_;
  const std::stop_token& stop_;
};

Response head_of(const projections::StateStore& state, eventstore::Log& records) {
  Response head;
  head.set_header("Content-Type", "application/x-tar");
  head.set_header("Cache-Control", "no-store");
  head.set_header("Daybook-State-Version", std::to_string(state.fingerprint().value_or(0)));
  head.set_header("Daybook-Log", eventstore::first_claimant(records).text());
  return head;
}

}  // namespace

CheckpointDesk::CheckpointDesk(Parts parts) : parts_(std::move(parts)) {
  std::filesystem::remove_all(parts_.directory);
}

CheckpointDesk::~CheckpointDesk() { stop(); }

void CheckpointDesk::answer(const Call& call) {
  const std::lock_guard lock(mutex_);
  if (is_stopped_ || is_busy_.exchange(true)) {
    return Call(call).reject("unavailable", "Another copy of the read models is under way; ask again when it is done.");
  }
  thread_ = model::named_thread("checkpoint", [this, call](const std::stop_token& stop) { run(call, stop); });
}

void CheckpointDesk::stop() {
  std::jthread last;
  {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
    last = std::move(thread_);
  }
}

// The desk is free before the client has read the end, so that it may ask again at once.
void CheckpointDesk::run(Call call, const std::stop_token& stop) {
  bool is_whole = false;
  try {
    send(call, stop);
    is_whole = true;
  } catch (const CutOff&) {
    parts_.log("a copy of the read models was cut off: its client is gone, or this server stops");
  } catch (const std::exception& error) {
    parts_.log(std::string("a copy of the read models failed: ") + error.what());
    call.reject("unavailable", "The read models cannot be copied now; the server's log says why.");
  }
  is_busy_ = false;
  if (is_whole) call.exchange().finish();
}

void CheckpointDesk::send(Call& call, const std::stop_token& stop) {
  const projections::PassingDirectory passing(parts_.directory);
  std::filesystem::create_directories(passing.path());
  const std::filesystem::path copy = passing.path() / "state";
  parts_.state.checkpoint(copy);
  if (!call.start_stream(head_of(parts_.state, parts_.records))) throw CutOff();
  if (!call.exchange().is_open()) return;  // HEAD
  PacedBody body(call.exchange(), stop);
  projections::pack_state(copy, [&](std::string_view bytes) { body.write(bytes); });
}

}  // namespace daybook::api
