#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/event.h"
#include "eventstore/commit.h"

namespace daybook::eventstore {

/// What stands inside a sealed body (daybook.log.Body and PartBody), once it is open.

/// One event of a body: the views point into the body.
struct KeptEvent {
  domain::Event event;  // without its data; the subject is set
  std::string_view plain;
  std::string_view sealed_personal;
};

/// Writes a body: what the command answered and who asked, then its events one by one.
class BodyWriter {
 public:
  /// Starts the body of a commit.
  explicit BodyWriter(const Commit& commit);
  /// Starts the body of a part.
  BodyWriter() = default;

  void append(const domain::Event& event, std::string_view plain, std::string_view sealed_personal);
  /// The finished body. `part_key` only in a commit with parts.
  std::string finish(std::string_view part_key = {});

 private:
  std::uint32_t events_field_ = 1;
  std::string body_;
  std::string event_;  // the one being written; kept for its memory
};

/// Fills what the body of a commit says (all but its events, and nothing of its header); false on bytes that no
/// BodyWriter makes.
bool read_body(std::string_view body, Commit& commit, std::vector<KeptEvent>& events);
bool read_part_body(std::string_view body, std::vector<KeptEvent>& events);

}  // namespace daybook::eventstore
