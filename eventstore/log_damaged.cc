#include "eventstore/log_damaged.h"

namespace daybook::eventstore {
namespace {

std::string describe(const Damage& damage) {
  std::string text = "the log is damaged";
  if (!damage.file.empty()) text += ": " + damage.file;
  if (damage.at_byte) text += " at byte " + std::to_string(*damage.at_byte);
  if (damage.offset) text += ", first bad offset " + std::to_string(*damage.offset);
  return text + ": " + damage.detail +
         "; stop here and put back a backup copy of the data directory: docs/operations.md says how";
}

}  // namespace

LogDamaged::LogDamaged(Damage damage) : std::runtime_error(describe(damage)), damage_(std::move(damage)) {}

}  // namespace daybook::eventstore
