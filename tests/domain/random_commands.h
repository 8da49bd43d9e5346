#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/domain/given.h"

/// Commands drawn from numbers, over few names, addresses and tags, so that they get in each other's way.
namespace daybook::domain {

struct DrawnCommand {
  Command command;
  bool creates = false;  // asking twice makes two
};

/// What the number says, about records that are there.
DrawnCommand draw(std::uint32_t number, const View& view);

/// A live or a deleted record of a kind that can be deleted; nothing if there is none.
struct DrawnRecord {
  const model::Kind* kind;
  model::Uuid id;
};
std::optional<DrawnRecord> draw_record(std::uint32_t number, bool live, const View& view);

}  // namespace daybook::domain
