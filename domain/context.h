#pragma once

#include <cstdint>

#include "domain/event.h"
#include "model/uuid.h"

namespace daybook::domain {

/// Where new ids come from; ascending within a workspace.
class IdSource {
 public:
  virtual ~IdSource() = default;
  virtual model::Uuid next() = 0;
};

/// Everything a decision may know besides the workspace's state: the domain has no clock and no randomness of its own.
struct Context {
  std::int64_t time_us = 0;  // commit time
  model::Uuid command;
  Actor actor;
  model::Uuid member;  // on whose behalf, if any: the author of notes
  IdSource& ids;
};

}  // namespace daybook::domain
