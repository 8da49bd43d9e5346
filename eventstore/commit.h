#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/event.h"
#include "model/uuid.h"

namespace daybook::eventstore {

using Hash = std::array<std::uint8_t, 32>;

/// Which writer wrote a record, and as its how-manieth.
struct Fence {
  std::uint64_t epoch = 0;
  std::uint64_t sequence = 0;
  bool operator==(const Fence&) const = default;
};

/// Where a workspace's history stands: the hash of its last commit and the next free position.
struct ChainHead {
  std::uint64_t next_position = 1;
  Hash hash{};  // zero before the first commit
  bool operator==(const ChainHead&) const = default;
};

/// What a command answered, kept so that its Idempotency-Key gives the same answer for ever.
struct Answer {
  std::uint32_t status = 0;  // HTTP status
  std::uint32_t kind = 0;    // the record it answers with; 0: none
  model::Uuid id;
  std::string extra;  // what history does not hold, as JSON
  bool operator==(const Answer&) const = default;
};

struct Idempotency {
  model::Uuid scope;         // the credential
  std::string key_hash;      // keyed hash of the Idempotency-Key
  std::string request_hash;  // keyed hash of method, path, query and body
  bool operator==(const Idempotency&) const = default;
};

/// One command and what it caused, opened.
struct Commit {
  model::WorkspaceId workspace;
  model::Uuid command;
  std::uint64_t first_position = 0;
  std::int64_t time_us = 0;
  std::optional<Idempotency> idempotency;
  Answer answer;
  domain::Actor actor;
  std::string origin;
  std::string request_id;
  std::string traceparent;
  std::vector<domain::Event> events;  // of the commit itself; those of parts stand before them
  // Of a command with parts: how many, the hash over their hashes (chain.h), and the key that opens them.
  std::uint32_t part_count = 0;
  Hash parts_hash{};
  std::string part_key;
  std::uint64_t part_event_count = 0;
  bool operator==(const Commit&) const = default;
};

}  // namespace daybook::eventstore
