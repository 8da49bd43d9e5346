#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/record.h"

namespace daybook::domain {

/// A patch taken apart: fields with a business event of their own are taken out, the rest stays for the generic fact.
class FieldPatches {
 public:
  FieldPatches(std::string_view set, const std::vector<std::uint32_t>& cleared);

  /// The new value of a text or id field if the patch sets it, an empty one if it clears it; nothing if it does
  /// neither.
  std::optional<std::string> take(std::uint32_t field);
  const model::Patch& rest() const { return rest_; }

 private:
  model::Patch rest_;
};

}  // namespace daybook::domain
