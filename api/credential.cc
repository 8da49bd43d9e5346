#include "api/credential.h"

#include <algorithm>
#include <array>

#include "domain/store.h"
#include "eventstore/seal.h"

namespace daybook::api {
namespace {

constexpr std::string_view kKeyPrefix = "dbk_";
constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";  // RFC 4648 §6, lower case
constexpr std::size_t kEncodedSize = 52;                                    // of 32 bytes

std::string base32(std::string_view bytes) {
  std::string out;
  std::uint32_t buffer = 0;
  unsigned bits = 0;
  for (const char byte : bytes) {
    buffer = buffer << 8 | static_cast<std::uint8_t>(byte);
    for (bits += 8; bits >= 5; bits -= 5) out += kAlphabet[buffer >> (bits - 5) & 31];
  }
  if (bits > 0) out += kAlphabet[buffer << (5 - bits) & 31];
  return out;
}

std::optional<std::string> from_base32(std::string_view text) {
  std::string out;
  std::uint32_t buffer = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const auto digit = kAlphabet.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    buffer = buffer << 5 | static_cast<std::uint32_t>(digit);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    out += static_cast<char>(buffer >> bits & 255);
  }
  return out;
}

std::string hash_of(std::string_view secret) {
  const auto hash = eventstore::sha256({secret});
  return {hash.begin(), hash.end()};
}

}  // namespace

std::optional<ApiKeyText> parse_api_key(std::string_view text) {
  if (!text.starts_with(kKeyPrefix)) return std::nullopt;
  text.remove_prefix(kKeyPrefix.size());
  if (text.size() != 2 * kEncodedSize + 1 || text[kEncodedSize] != '_') return std::nullopt;
  const auto id = from_base32(text.substr(0, kEncodedSize));
  if (!id || id->size() != 32) return std::nullopt;
  const auto workspace = model::Uuid::from_bytes(std::string_view(*id).substr(0, 16));
  const auto key = model::Uuid::from_bytes(std::string_view(*id).substr(16));
  return ApiKeyText{{*workspace}, *key, std::string(text.substr(kEncodedSize + 1))};
}

std::string random_secret() {
  std::array<std::uint8_t, 32> bytes{};
  eventstore::random_bytes(bytes);
  return base32({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

NewApiKey make_api_key(model::WorkspaceId workspace, const model::Uuid& key) {
  const std::string id = base32(std::string(workspace.value.view()).append(key.view()));
  const std::string secret = random_secret();
  return {std::string(kKeyPrefix) + id + "_" + secret, hash_of(secret),
          std::string(kKeyPrefix) + "…" + secret.substr(0, 4)};
}

std::optional<Principal> authenticate(const ApiKeyText& text, const domain::RowReader& rows, std::int64_t now_us) {
  const domain::View view(rows, text.workspace);
  const auto key = view.find<v1::ApiKey>(text.key);
  // An unknown key takes as long as a wrong secret.
  const std::string stored = key ? key->secret_hash() : std::string(32, '\0');
  if (!eventstore::equal_in_constant_time(stored, hash_of(text.secret)) || !key) return std::nullopt;
  if (key->has_revoked_at() || key->meta().has_deleted_at()) return std::nullopt;
  if (key->has_expires_at() && key->expires_at() <= now_us) return std::nullopt;
  Principal principal;
  principal.workspace = text.workspace;
  principal.actor = {domain::Actor::Kind::kApiKey, text.key};
  principal.access = domain::access_of(*key, view);
  if (const auto member_id = model::Uuid::from_bytes(key->member_id())) {
    const auto member = view.find<v1::Member>(*member_id);
    if (!member || member->state() == v1::Member::STATE_REMOVED) return std::nullopt;
    principal.member = *member_id;
  }
  return principal;
}

}  // namespace daybook::api
