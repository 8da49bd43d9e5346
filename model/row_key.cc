#include "model/row_key.h"

#include <algorithm>

namespace daybook::model {
namespace {

std::string start(RowType type, std::uint32_t kind) {
  std::string key;
  key += static_cast<char>(type);
  key += static_cast<char>(kind);
  return key;
}

}  // namespace

std::string entity_prefix(std::uint32_t kind) { return start(RowType::kEntity, kind); }

std::string entity_key(std::uint32_t kind, const Uuid& id) { return start(RowType::kEntity, kind).append(id.view()); }

std::string unique_key(std::uint32_t kind, std::string_view space, std::string_view value) {
  std::string key = start(RowType::kUnique, kind);
  key.append(space) += '\0';
  return key.append(value);
}

std::string posting_prefix(std::uint32_t kind, std::uint32_t field, std::string_view value) {
  std::string key = start(RowType::kPosting, kind);
  key += static_cast<char>(field);
  return key.append(value);
}

std::string posting_key(std::uint32_t kind, std::uint32_t field, std::string_view value, const Uuid& id) {
  return posting_prefix(kind, field, value).append(id.view());
}

std::string past_link_key(std::string_view posting) {
  return std::string(1, static_cast<char>(RowType::kPastLink)).append(posting.substr(1));
}

std::string ordered_integer(std::int64_t value) {
  const std::uint64_t bits = static_cast<std::uint64_t>(value) ^ (1ULL << 63);
  std::string out(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) out[i] = static_cast<char>(bits >> (56 - 8 * i));
  return out;
}

std::int64_t integer_in_order(std::string_view bytes) {
  std::uint64_t bits = 0;
  for (const char byte : bytes.substr(0, 8)) bits = bits << 8 | static_cast<std::uint8_t>(byte);
  return static_cast<std::int64_t>(bits ^ (1ULL << 63));
}

std::string ordered_text(std::string_view text) {
  constexpr std::size_t kLongest =
      512;  // a longer text shares its row prefix with others and is told apart by its record
  std::string out(text.substr(0, kLongest));
  std::replace(out.begin(), out.end(), '\0', '\1');
  out += '\0';
  return out;
}

std::string deletion_key(const Uuid& id) {
  return std::string(1, static_cast<char>(RowType::kDeletion)).append(id.view());
}

std::string history_prefix(const Uuid& id) {
  return std::string(1, static_cast<char>(RowType::kHistory)).append(id.view());
}

std::string history_key(const Uuid& id, std::uint64_t position) {
  return history_prefix(id).append(ordered_integer(static_cast<std::int64_t>(position)));
}

std::string audit_key(std::uint64_t position) {
  return std::string(1, static_cast<char>(RowType::kAudit))
      .append(ordered_integer(static_cast<std::int64_t>(position)));
}

std::string idempotency_key(const Uuid& scope, std::string_view key_hash) {
  return std::string(1, static_cast<char>(RowType::kIdempotency)).append(scope.view()).append(key_hash);
}

std::string audit_index_prefix(std::string_view action_or_actor) {
  return std::string(1, static_cast<char>(RowType::kAuditIndex)).append(action_or_actor).append(1, '\0');
}

std::string audit_index_key(std::string_view action_or_actor, std::uint64_t position) {
  return audit_index_prefix(action_or_actor).append(ordered_integer(static_cast<std::int64_t>(position)));
}

std::string expiry_key(std::int64_t time_us, std::string_view row) {
  return std::string(1, static_cast<char>(RowType::kExpiry)).append(ordered_integer(time_us)).append(row);
}

std::int64_t expiry_time(std::string_view key) { return integer_in_order(key.substr(1, 8)); }

std::string_view expired_row(std::string_view key) { return key.substr(9); }

std::string head_key() { return std::string(1, static_cast<char>(RowType::kHead)); }

std::string live_key(std::uint32_t kind) { return start(RowType::kLive, kind); }

Uuid id_at_end(std::string_view key) {
  return Uuid::from_bytes(key.substr(key.size() < 16 ? 0 : key.size() - 16)).value_or(Uuid{});
}

}  // namespace daybook::model
