#include "domain/patch_fields.h"

#include <algorithm>

namespace daybook::domain {

FieldPatches::FieldPatches(std::string_view set, const std::vector<std::uint32_t>& cleared)
    : rest_{std::string(set), cleared} {}

std::optional<std::string> FieldPatches::take(std::uint32_t field) {
  if (const auto value = model::get_bytes(rest_.set, field)) {
    std::string taken(*value);
    rest_.set = model::overlay(rest_.set, {}, {field});
    return taken;
  }
  const auto found = std::find(rest_.cleared.begin(), rest_.cleared.end(), field);
  if (found == rest_.cleared.end()) return std::nullopt;
  rest_.cleared.erase(found);
  return std::string();
}

}  // namespace daybook::domain
