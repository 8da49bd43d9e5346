#include "eventstore/keyring.h"

#include <utility>

namespace daybook::eventstore {
namespace {

std::string associated_data(const std::string& row_name) { return "daybook.key" + row_name; }

std::string associated_data(const KeyName& name) { return associated_data(key_row_name(name.workspace, name.subject)); }

std::string refusal(const KeyName& name) {
  const std::string workspace = name.workspace.value.text();
  if (name.subject.is_nil()) {
    return "the key of workspace " + workspace +
           " does not open under the master key; put back the keys/master.key that this log was made with";
  }
  return "the key of subject " + name.subject.text() + " in workspace " + workspace +
         " does not open under its workspace's key: its row was changed; restore the log's keys from a backup";
}

}  // namespace

std::string key_row_name(model::WorkspaceId workspace, const model::Uuid& subject) {
  return std::string(workspace.value.view()).append(subject.view());
}

std::optional<KeyName> read_key_row_name(std::string_view name) {
  if (name.size() != 32) return std::nullopt;
  return KeyName{{*model::Uuid::from_bytes(name.substr(0, 16))}, *model::Uuid::from_bytes(name.substr(16))};
}

bool opens(const Key& master, const WrappedKey& row) {
  return open(master, row.value, associated_data(row.name)).has_value();
}

Keyring::Keyring(const Log& log, const Key& master, Limits limits)
    : log_(log), master_(master), workspace_keys_(limits.workspace_keys), subject_keys_(limits.subject_keys) {}

std::optional<Key> Keyring::workspace_key(model::WorkspaceId workspace) { return find({workspace, {}}, &master_); }

std::optional<Key> Keyring::subject_key(model::WorkspaceId workspace, const model::Uuid& subject) {
  if (subject.is_nil()) return std::nullopt;  // the workspace's own key is nobody's
  return find({workspace, subject}, nullptr);
}

std::optional<Key> Keyring::find(const KeyName& name, const Key* above) {
  if (auto key = find_in_memory(name)) return key;
  if (above != nullptr) return find_in_log(name, *above);
  const auto parent = workspace_key(name.workspace);
  return parent ? find_in_log(name, *parent) : std::nullopt;
}

std::optional<Key> Keyring::find_in_memory(const KeyName& name) {
  const std::lock_guard lock(mutex_);
  if (auto key = cache_of(name).find(name)) return key;
  const auto found = pending_.find(name);
  return found == pending_.end() ? std::nullopt : std::optional(found->second.key);
}

std::optional<Key> Keyring::find_in_log(const KeyName& name, const Key& above) {
  std::uint64_t forgotten_before = 0;
  {
    const std::lock_guard lock(mutex_);
    forgotten_before = forgotten_;
  }
  const auto row = log_.find_key(key_row_name(name.workspace, name.subject));
  if (!row) return std::nullopt;
  auto opened = open(above, *row, associated_data(name));
  auto key = opened ? Key::from_bytes(*opened) : std::nullopt;
  if (!key) throw KeyRefused(refusal(name));
  const std::lock_guard lock(mutex_);
  if (forgotten_ == forgotten_before) cache_of(name).put(name, *key);
  return key;
}

Key Keyring::workspace_key_for(model::WorkspaceId workspace, std::vector<WrappedKey>& needed) {
  return find_or_make({workspace, {}}, master_, needed);
}

Key Keyring::subject_key_for(model::WorkspaceId workspace, const model::Uuid& subject,
                             std::vector<WrappedKey>& needed) {
  if (subject.is_nil()) throw std::logic_error("a data subject has an id");
  const auto above = workspace_key(workspace);
  if (!above) throw std::logic_error("a subject's key needs its workspace's: ask for that one first");
  return find_or_make({workspace, subject}, *above, needed);
}

Key Keyring::find_or_make(const KeyName& name, const Key& above, std::vector<WrappedKey>& needed) {
  {
    const std::lock_guard lock(mutex_);
    if (auto key = cache_of(name).find(name)) return *key;
    if (const auto found = pending_.find(name); found != pending_.end()) {
      needed.push_back(found->second.row);
      ++found->second.carriers;
      return found->second.key;
    }
  }
  if (auto key = find_in_log(name, above)) return *key;
  Key key = Key::random();
  WrappedKey row{key_row_name(name.workspace, name.subject), seal(above, key.view(), associated_data(name))};
  needed.push_back(row);
  const std::lock_guard lock(mutex_);
  pending_.insert_or_assign(name, Pending{key, std::move(row), 1});
  return key;
}

void Keyring::settle(const std::vector<std::string>& row_names) {
  const std::lock_guard lock(mutex_);
  for (const std::string& row_name : row_names) {
    const auto name = read_key_row_name(row_name);
    const auto found = name ? pending_.find(*name) : pending_.end();
    if (found == pending_.end()) continue;
    cache_of(*name).put(*name, found->second.key);
    pending_.erase(found);
  }
}

void Keyring::abandon(const std::vector<std::string>& row_names) {
  const std::lock_guard lock(mutex_);
  for (const std::string& row_name : row_names) {
    const auto name = read_key_row_name(row_name);
    const auto found = name ? pending_.find(*name) : pending_.end();
    if (found != pending_.end() && --found->second.carriers == 0) pending_.erase(found);
  }
}

void Keyring::forget(model::WorkspaceId workspace, const model::Uuid& subject) {
  const std::lock_guard lock(mutex_);
  ++forgotten_;
  subject_keys_.erase({workspace, subject});
  pending_.erase({workspace, subject});
}

void Keyring::forget(model::WorkspaceId workspace) {
  const std::lock_guard lock(mutex_);
  ++forgotten_;
  workspace_keys_.erase({workspace, {}});
  subject_keys_.erase_workspace(workspace);
  std::erase_if(pending_, [&](const auto& entry) { return entry.first.workspace == workspace; });
}

}  // namespace daybook::eventstore
