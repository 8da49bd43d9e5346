#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

#include "eventstore/address_seal.h"
#include "eventstore/keyring_cache.h"
#include "eventstore/log.h"
#include "eventstore/seal.h"
#include "model/uuid.h"

namespace daybook::eventstore {

/// A stored key does not open under the key above it: another master key, or rows that were changed or swapped.
class KeyRefused : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The name of a key's row in the log: workspace(16) | subject(16), a nil subject for the workspace's own key.
std::string key_row_name(model::WorkspaceId workspace, const model::Uuid& subject);
/// What a row's name says; nothing where it is none.
std::optional<KeyName> read_key_row_name(std::string_view name);

/// Whether the master key opens the row of a workspace's own key: then it is the one that the log was made with.
bool opens(const Key& master, const WrappedKey& row);

/// The keys of the log: master key → workspace key → subject key. Each stands in the log as a row of its own, sealed
/// under the key above it with its name as associated data, so that it can be destroyed alone and no row passes for
/// another. Thread-safe; a workspace's keys are made by one thread, the writer of its partition.
///
/// A key that is made for a record is pending until that record is known to be stored: it can be used at once, and
/// every further record that uses it carries its row as well, so no record depends on one that may have died before it.
///
/// Opening the key of any workspace (the system workspace's at start) proves that the master key is the right one.
/// Every function but the last five throws KeyRefused, and what the log throws.
class Keyring {
 public:
  struct Limits {
    std::size_t workspace_keys = 10'000;
    std::size_t subject_keys = 100'000;
  };

  /// `log` outlives the keyring.
  Keyring(const Log& log, const Key& master, Limits limits);
  Keyring(const Log& log, const Key& master) : Keyring(log, master, Limits{}) {}

  /// Nothing when the key was destroyed or never made.
  std::optional<Key> workspace_key(model::WorkspaceId workspace);
  std::optional<Key> subject_key(model::WorkspaceId workspace, const model::Uuid& subject);

  /// The key for a record about to be appended, made where there is none; a pending key's row is added to `needed`,
  /// which goes into the record's Append. One call per key and record; the workspace's key first. A key that was
  /// destroyed would be made anew: that nothing more is written about the erased is the domain's rule.
  Key workspace_key_for(model::WorkspaceId workspace, std::vector<WrappedKey>& needed);
  Key subject_key_for(model::WorkspaceId workspace, const model::Uuid& subject, std::vector<WrappedKey>& needed);

  /// A record that carried these rows is stored: they are pending no longer.
  void settle(const std::vector<std::string>& row_names);
  /// A record that carried these rows was not appended, or can take effect no more. A key that no other record carries
  /// is pending no longer either: it is looked up in the log, or made anew.
  void abandon(const std::vector<std::string>& row_names);

  /// After the row of the key was destroyed: no copy stays in memory.
  void forget(model::WorkspaceId workspace, const model::Uuid& subject);
  void forget(model::WorkspaceId workspace);

  /// Under the master key, so that each node of the log vouches for the addresses of the others.
  const AddressSeal& addresses() const { return addresses_; }

 private:
  struct Pending {
    Key key;
    WrappedKey row;
    std::size_t carriers = 0;  // records whose fate is open
  };

  std::optional<Key> find(const KeyName& name, const Key* above);
  std::optional<Key> find_in_memory(const KeyName& name);
  std::optional<Key> find_in_log(const KeyName& name, const Key& above);
  Key find_or_make(const KeyName& name, const Key& above, std::vector<WrappedKey>& needed);
  KeyCache& cache_of(const KeyName& name) { return name.subject.is_nil() ? workspace_keys_ : subject_keys_; }

  const Log& log_;
  const Key master_;
  const AddressSeal addresses_{master_};

  std::mutex mutex_;  // guards everything below
  KeyCache workspace_keys_;
  KeyCache subject_keys_;
  std::unordered_map<KeyName, Pending, KeyNameHash> pending_;
  std::uint64_t forgotten_ = 0;  // counts calls of forget: what was read from the log before one is not cached after it
};

}  // namespace daybook::eventstore
