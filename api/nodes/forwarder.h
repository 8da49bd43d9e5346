#pragma once

#include <memory>

#include "api/nodes/forward.h"

namespace daybook::api {

/// Hands requests on to other nodes and relays their answers (a gateway, RFC 9110 §3.7). Thread-safe; one thread of its
/// own.
///
/// What goes wrong is answered as a problem that says no more than is known. `unavailable`: nothing was done, for the
/// request never left, or it was a GET or HEAD. `outcome_unknown`: any other request may have arrived. It is never sent
/// twice. An answer of the owner is relayed whatever it says, a redirect too. An owner that sleeps is waited for until
/// another node has taken its place, and a little longer: one that is awake answers then what became of the request.
///
/// Streams are relayed as they come, no faster than the client reads, and end as they ended: cut off if the owner is
/// lost. A GET or HEAD whose client is gone is given up; anything else runs to its answer.
class Forwarder {
 public:
  /// Throws std::runtime_error if libcurl can't be set up.
  explicit Forwarder(ForwarderOptions options);
  /// As stop().
  ~Forwarder();
  Forwarder(const Forwarder&) = delete;
  Forwarder& operator=(const Forwarder&) = delete;

  /// Takes over the duty to answer. Does not block. Beyond ForwarderOptions::max_under_way, and after stop(), the
  /// answer is `unavailable`, at once.
  void forward(Forward forward);

  /// Answers everything under way `unavailable` or `outcome_unknown`, ends the streams and joins the thread. Not from
  /// Forward's callbacks.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace daybook::api
