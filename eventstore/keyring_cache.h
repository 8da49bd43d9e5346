#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "eventstore/seal.h"
#include "model/uuid.h"

namespace daybook::eventstore {

/// What a key belongs to: a subject of a workspace, or, with a nil subject, the workspace itself.
struct KeyName {
  model::WorkspaceId workspace;
  model::Uuid subject;
  bool operator==(const KeyName&) const = default;
};

struct KeyNameHash {
  std::size_t operator()(const KeyName& name) const noexcept {
    return std::hash<model::Uuid>{}(name.subject) * 31 + std::hash<model::WorkspaceId>{}(name.workspace);
  }
};

/// The most recently used keys, at most `limit` of them; those that leave are wiped. Not thread-safe.
class KeyCache {
 public:
  explicit KeyCache(std::size_t limit) : limit_(limit) {}

  std::optional<Key> find(const KeyName& name) {
    const auto found = places_.find(name);
    if (found == places_.end()) return std::nullopt;
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->key;
  }

  void put(const KeyName& name, const Key& key) {
    erase(name);
    if (limit_ == 0) return;
    if (entries_.size() == limit_) {
      places_.erase(entries_.back().name);
      entries_.pop_back();
    }
    entries_.push_front({name, key});
    places_[name] = entries_.begin();
  }

  void erase(const KeyName& name) {
    const auto found = places_.find(name);
    if (found == places_.end()) return;
    entries_.erase(found->second);
    places_.erase(found);
  }

  void erase_workspace(model::WorkspaceId workspace) {
    for (auto entry = entries_.begin(); entry != entries_.end();) {
      const auto next = std::next(entry);
      if (entry->name.workspace == workspace) erase(KeyName(entry->name));
      entry = next;
    }
  }

  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    KeyName name;
    Key key;
  };

  std::size_t limit_;
  std::list<Entry> entries_;  // the most recently used first
  std::unordered_map<KeyName, std::list<Entry>::iterator, KeyNameHash> places_;
};

}  // namespace daybook::eventstore
