#include "eventstore/kafka/key_table.h"

#include <utility>

namespace daybook::eventstore {

void KeyTable::read(KeyRow row) {
  if (!row.value) {
    const auto held = keys_.find(row.name);
    if (held != keys_.end() && held->second.epoch == row.epoch) keys_.erase(held);
    return;
  }
  if (epoch_ && row.epoch < *epoch_) return;
  epoch_ = row.epoch;
  if (!row.is_fence()) keys_.insert_or_assign(std::move(row.name), Held{row.epoch, std::move(*row.value)});
}

std::optional<std::string> KeyTable::find(const std::string& name) const {
  const auto held = keys_.find(name);
  return held == keys_.end() ? std::nullopt : std::optional(held->second.value);
}

std::vector<WrappedKey> KeyTable::all() const {
  std::vector<WrappedKey> keys;
  for (const auto& [name, held] : keys_) keys.push_back({name, held.value});
  return keys;
}

bool KeyTable::holds(const KeyRow& row) const {
  const auto held = keys_.find(row.name);
  return held != keys_.end() && held->second.epoch == row.epoch && held->second.value == row.value;
}

}  // namespace daybook::eventstore
