#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "domain/context.h"
#include "domain/result.h"
#include "domain/store.h"
#include "eventstore/commit.h"
#include "eventstore/seal.h"

namespace daybook::eventstore {

/// A command whose events may not fit into one record, whatever it is: decided in bounded steps by the writer's thread,
/// written as Parts while it is decided, and in force with its closing Commit or not at all.
class BigCommand {
 public:
  struct Step {
    domain::Events events;
    bool ended = false;  // the events end with the command's last one
    Answer answer{};     // of the last step
  };

  virtual ~BigCommand() = default;
  /// Decides a bounded piece (some tens of milliseconds at most) over the workspace as the pieces before left it.
  /// Called again until it ended; a rejection ends the command, and nothing of it has happened.
  virtual domain::Result<Step> step(const domain::View& view, const domain::Context& context) = 0;
};

/// The parts of a command, as its closing commit names them.
struct WrittenParts {
  Key key = Key::random();
  std::vector<Hash> hashes;
  std::uint64_t event_count = 0;
};

/// Events that wait for a part of their own to be full. A part stays below kMaxRecordBytes: an event is larger than
/// 100 KiB only where its record's texts are, and then it stands in a part alone.
class PartBuffer {
 public:
  static constexpr std::size_t kFullBytes = std::size_t{400} << 10;

  /// Adds an event; what was gathered before it where both do not fit together, else nothing.
  domain::Events add(domain::Event event);
  domain::Events take();

 private:
  domain::Events events_;
  std::size_t bytes_ = 0;
};

}  // namespace daybook::eventstore
