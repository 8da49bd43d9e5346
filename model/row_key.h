#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/uuid.h"

namespace daybook::model {

/// Keys of the rows of one workspace, without the workspace's own prefix, which only the state store adds.
/// The first byte says what a row is; the numbers after it are kinds and fields of the schema.
enum class RowType : char {
  kEntity = 'e',       // kind, id → the record
  kUnique = 'u',       // kind, key space, value → id of the live record that holds it
  kPosting = 'p',      // kind, field, value, id → nothing: reference, link and facet in one
  kPastLink = 'k',     // kind, field, value, id → nothing: a reference that a record had once
  kList = 'l',         // kind, id → packed facets
  kSort = 's',         // kind, field, value, id → nothing
  kWord = 'w',         // kind, word, id → nothing
  kCounter = 'c',      // kind, field, value → int64 live records
  kHistory = 'h',      // record id, position → the record after that position
  kAudit = 'a',        // position → the event
  kIdempotency = 'i',  // scope, key hash → position and answer
  kExpiry = 'x',       // time, scope, key hash: when an idempotency row goes
  kDeletion = 'd',     // record id → what its deletion hid and unlinked (RecordDeleted)
  kAuditIndex = 't',   // action or actor, position → nothing
  kTimeline = 'y',     // contact, newest first → entry
  kHead = 'm',         // → where the workspace's chain stands
  kLive = 'n',         // kind → int64 live records, of kinds that a plan may limit
};

std::string entity_key(std::uint32_t kind, const Uuid& id);
std::string entity_prefix(std::uint32_t kind);
std::string unique_key(std::uint32_t kind, std::string_view space, std::string_view value);
/// The value of an id is its 16 bytes, of a text its bytes and a closing NUL, of a number 8 bytes big-endian with the
/// sign bit turned, so that keys sort as values do.
std::string posting_prefix(std::uint32_t kind, std::uint32_t field, std::string_view value);
std::string posting_key(std::uint32_t kind, std::uint32_t field, std::string_view value, const Uuid& id);
/// The row of a past link for a posting's key or prefix.
std::string past_link_key(std::string_view posting);
std::string ordered_integer(std::int64_t value);
std::int64_t integer_in_order(std::string_view bytes);
std::string ordered_text(std::string_view text);
std::string deletion_key(const Uuid& id);
/// History of a record: its state after each position, oldest first.
std::string history_prefix(const Uuid& id);
std::string history_key(const Uuid& id, std::uint64_t position);
std::string audit_key(std::uint64_t position);
std::string idempotency_key(const Uuid& scope, std::string_view key_hash);
/// Positions of the events with this action, or by this actor.
std::string audit_index_prefix(std::string_view action_or_actor);
std::string audit_index_key(std::string_view action_or_actor, std::uint64_t position);
std::string expiry_key(std::int64_t time_us, std::string_view row);
std::int64_t expiry_time(std::string_view key);
std::string_view expired_row(std::string_view key);
std::string head_key();
std::string live_key(std::uint32_t kind);
/// The id that ends a posting, sort or word key.
Uuid id_at_end(std::string_view key);

}  // namespace daybook::model
