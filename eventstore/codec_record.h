#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "eventstore/commit.h"
#include "model/uuid.h"

namespace daybook::eventstore {

/// The records of the log as views into their bytes (proto/daybook/log/record.proto, docs/log-format.md). Reading one
/// copies nothing and needs no key; the views live as long as the bytes.

/// The level of the format that this program writes, and the newest that it reads.
constexpr std::uint32_t kSchemaLevel = 1;

/// No record that is appended is larger: what is more goes into Parts.
constexpr std::size_t kMaxRecordBytes = 512 * 1024;

struct ClaimRecord {
  std::optional<std::uint64_t> previous_epoch;  // absent: the first claim of the partition
  model::Uuid instance;                         // of the writing process
  std::string_view node_address;
  std::optional<Hash> address_mac{};  // AddressSeal; the claim counts without, and its address does not
};

struct CommitRecord {
  Fence fence;
  std::string_view header;
  std::string_view sealed_body;
};

struct PartRecord {
  Fence fence;
  model::WorkspaceId workspace;
  model::Uuid command;
  std::uint32_t index = 0;  // from 0
  std::string_view sealed_body;
};

/// The history goes on in another log: nothing counts after this.
struct MovedRecord {
  Fence fence;
  std::int64_t time_us = 0;
  std::string_view destination;  // for people
};

using Record = std::variant<ClaimRecord, CommitRecord, PartRecord, MovedRecord>;

/// The record, or what is wrong with its bytes: damage, or a kind that a later version writes. Either stops the reader.
std::expected<Record, std::string> read_record(std::string_view bytes);
std::string write_record(const ClaimRecord& claim);
std::string write_record(const CommitRecord& commit);
std::string write_record(const PartRecord& part);
std::string write_record(const MovedRecord& moved);

/// What a commit says in the clear.
struct CommitHeader {
  model::WorkspaceId workspace;
  model::Uuid command;
  std::uint64_t first_position = 0;
  std::uint32_t event_count = 0;  // those of its parts included
  Hash previous_hash{};
  std::uint32_t part_count = 0;
  Hash parts_hash{};  // zero without parts
  std::uint32_t schema_level = kSchemaLevel;
  std::int64_t time_us = 0;
  Hash body_key_commitment{};
  bool operator==(const CommitHeader&) const = default;
};

/// The header, or what is wrong with its bytes. Only the bytes that `write_header` makes are read, so that no byte can
/// move between header and body under the same chain hash.
std::expected<CommitHeader, std::string> read_header(std::string_view bytes);
std::string write_header(const CommitHeader& header);

}  // namespace daybook::eventstore
