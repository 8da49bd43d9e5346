#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "eventstore/codec.h"
#include "eventstore/keyring.h"
#include "eventstore/log.h"
#include "model/uuid.h"
#include "model/wire.h"

namespace daybook::eventstore {

/// A log that holds nothing but wrapped keys, to be swapped and destroyed by the tests.
class KeyRows : public Log {
 public:
  std::map<std::string, std::string> rows;

  void store(const std::vector<WrappedKey>& keys) {
    for (const WrappedKey& key : keys) rows[key.name] = key.value;
  }

  std::uint32_t partition_count() const override { return 1; }
  void append(std::uint32_t, Append, DeliveryReport) override {}
  void reopen_session(std::uint32_t) override {}
  std::unique_ptr<LogReader> read(std::uint32_t, std::uint64_t) override { return nullptr; }
  std::uint64_t end(std::uint32_t) const override { return 0; }
  std::optional<std::string> find_key(const std::string& name) const override {
    const auto found = rows.find(name);
    return found == rows.end() ? std::nullopt : std::optional(found->second);
  }
  std::vector<WrappedKey> keys(std::uint32_t) const override { return {}; }
};

inline model::Uuid uuid(std::uint8_t last) {
  model::Uuid id;
  id.bytes = {0x01, 0x93, 0xD1, 0xF0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, last};
  return id;
}

inline const model::WorkspaceId kAcme{uuid(1)};
inline const model::WorkspaceId kGlobex{uuid(2)};

inline Key key_of(char fill) { return *Key::from_bytes(std::string(Key::kSize, fill)); }

/// Field numbers of daybook.v1.Contact: 2 first_name (personal), 4 email (personal), 9 status (plain).
inline std::string jane() {
  std::string record;
  model::append_bytes_field(record, 2, "CANARY-Jane");
  model::append_bytes_field(record, 4, "CANARY-jane@example.com");
  model::append_bytes_field(record, 9, "CANARY-lead");
  return record;
}

inline domain::Event jane_created(const model::Uuid& contact = uuid(10)) {
  return {"contact.created", 4, contact, jane(), {}, contact};
}

inline Commit commit_of(const model::Uuid& command, std::vector<domain::Event> events) {
  Commit commit;
  commit.workspace = kAcme;
  commit.command = command;
  commit.time_us = 1'732'400'000'000'000;
  commit.idempotency = Idempotency{uuid(3), std::string(32, 'k'), std::string(32, 'r')};
  commit.answer = {201, 4, uuid(10), R"({"CANARY":1})"};
  commit.actor = {domain::Actor::Kind::kApiKey, uuid(3)};
  commit.origin = "POST /v1/contacts";
  commit.request_id = "CANARY-request";
  commit.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  commit.events = std::move(events);
  return commit;
}

/// A keyring and a codec over rows of keys, under the master key `m…m`.
struct Vault {
  KeyRows log;
  Keyring keyring{log, key_of('m')};
  CommitCodec codec{keyring};

  /// Seals a commit and stores its keys, as a log would.
  SealedCommit seal(const Commit& commit, const ChainHead& head = {}, const Fence& fence = {7, 1}) {
    SealedCommit sealed = codec.seal(commit, head, fence);
    log.store(sealed.append.keys);
    std::vector<std::string> names;
    for (const WrappedKey& key : sealed.append.keys) names.push_back(key.name);
    keyring.settle(names);
    return sealed;
  }
};

/// A second reader of the same rows, with nothing in memory.
struct VaultReader {
  explicit VaultReader(const KeyRows& log, const Key& master = key_of('m')) : keyring(log, master) {}

  Keyring keyring;
  CommitCodec codec{keyring};

  std::expected<Commit, HistoryDamage> open(const std::string& record) {
    const auto read = read_record(record);
    const auto& commit = std::get<CommitRecord>(read.value());
    return codec.open(commit.header, commit.sealed_body);
  }
};

}  // namespace daybook::eventstore
