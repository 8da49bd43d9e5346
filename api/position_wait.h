#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "api/server/exchange.h"
#include "api/service.h"

namespace daybook::api {

/// Calls `then` once: with true when the workspace has reached the position here, which may be at once, and with false
/// when the patience is over. Later calls come on the connection's thread. If the connection closes before, `then` is
/// dropped uncalled.
void wait_for_position(const Service& service, const std::shared_ptr<Exchange>& exchange, model::WorkspaceId workspace,
                       std::uint64_t position, std::chrono::milliseconds patience,
                       std::function<void(bool is_reached)> then);

}  // namespace daybook::api
