#pragma once

#include <functional>
#include <optional>
#include <string>

#include "model/schema.h"
#include "model/uuid.h"

namespace daybook::cli {

/// Which fields of a message are filled, and with what.
struct ExampleMessage {
  std::function<bool(const model::Field&)> has = [](const model::Field&) { return true; };
  /// An id of the kind with this number; nothing where there is none, and the field is left out.
  std::function<std::optional<model::Uuid>(std::uint32_t kind)> find = [](std::uint32_t) { return std::nullopt; };
  const char* word = "Example";  // what texts begin with
};

/// A message as wire bytes in which each of these fields has a value of its type; lists have one. System columns and
/// fields that are never shown are left out.
std::string example_message(const model::Message& message, const ExampleMessage& how);

}  // namespace daybook::cli
