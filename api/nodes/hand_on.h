#pragma once

#include <memory>

#include "api/call.h"

namespace daybook::api {

/// Who asks for what, as far as another node has to know it.
struct HandOn {
  std::shared_ptr<Exchange> exchange;
  const Route* route = nullptr;
  model::WorkspaceId workspace;  // whose partition's owner is to answer
  Tracing tracing;
};

/// Whether another node has the workspace's partition, or none: then the duty to answer is taken over here. The request
/// goes on to that node, unless it came from another one already, which happens while a partition changes hands. The
/// answer is held up until this node has read what it tells of, a new workspace's beginning too, but for no longer than
/// ten seconds: whoever goes on here sees it.
bool hand_on(const Service& service, HandOn what);

}  // namespace daybook::api
