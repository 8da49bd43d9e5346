#pragma once

#include <filesystem>
#include <optional>

#include "domain/import/byte_source.h"
#include "eventstore/keyring.h"
#include "model/uuid.h"

namespace daybook::eventstore {

/// Files that are too large for the log, sealed on disk: `<directory>/<workspace>/<id>`, in chunks of 64 KiB, each
/// under a key of its own file and bound to its place, so that no chunk is cut off, doubled or moved unnoticed. The key
/// comes from the workspace's key and goes with it. Thread-safe for different files.
class BlobStore {
 public:
  /// `keyring` outlives the store.
  BlobStore(std::filesystem::path directory, Keyring& keyring);

  /// Stores the bytes whole or not at all, on stable storage when it returns; how many they are. Throws
  /// std::runtime_error with the path where it cannot, and where the workspace has no key.
  std::uint64_t put(model::WorkspaceId workspace, const model::Uuid& id, domain::ByteSource source);
  bool contains(model::WorkspaceId workspace, const model::Uuid& id) const;
  /// Reads the file from its start. Both throw std::runtime_error on a file that is missing or changed.
  domain::ByteSource open(model::WorkspaceId workspace, const model::Uuid& id);
  void remove(model::WorkspaceId workspace, const model::Uuid& id);

 private:
  std::filesystem::path path_of(model::WorkspaceId workspace, const model::Uuid& id) const;
  Key key_of(model::WorkspaceId workspace, const model::Uuid& id);

  const std::filesystem::path directory_;
  Keyring& keyring_;
};

}  // namespace daybook::eventstore
