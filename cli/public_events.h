#pragma once

#include <string>
#include <vector>

#include "model/schema.h"

namespace daybook::cli {

/// A type of event that other programs see: all but those of the system workspace.
struct PublicEvent {
  const model::Kind* kind = nullptr;
  std::string name;  // deal.won
  /// As a CloudEvent's type: daybook.deal.won.v1
  std::string type() const { return "daybook." + name + ".v1"; }
};

/// All of them, by kind.
std::vector<PublicEvent> public_events();

}  // namespace daybook::cli
