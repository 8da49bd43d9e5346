#include "cli/state_digest.h"

#include <sodium.h>

#include <array>
#include <map>
#include <utility>

#include "eventstore/checksum.h"
#include "model/row_key.h"
#include "model/schema.h"

namespace daybook::cli {
namespace {

using model::RowType;

constexpr std::array<std::pair<RowType, const char*>, 16> kTypes{{{RowType::kUnique, "unique"},
                                                                  {RowType::kPosting, "posting"},
                                                                  {RowType::kPastLink, "past_link"},
                                                                  {RowType::kList, "list"},
                                                                  {RowType::kSort, "sort"},
                                                                  {RowType::kWord, "word"},
                                                                  {RowType::kCounter, "counter"},
                                                                  {RowType::kLive, "live"},
                                                                  {RowType::kHistory, "history"},
                                                                  {RowType::kAudit, "audit"},
                                                                  {RowType::kAuditIndex, "audit_index"},
                                                                  {RowType::kTimeline, "timeline"},
                                                                  {RowType::kDeletion, "deletion"},
                                                                  {RowType::kIdempotency, "idempotency"},
                                                                  {RowType::kExpiry, "expiry"},
                                                                  {RowType::kHead, "head"}}};

class Sha256 {
 public:
  Sha256() { crypto_hash_sha256_init(&state_); }

  void add(std::string_view bytes) {
    crypto_hash_sha256_update(&state_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  }
  void add_with_length(std::string_view bytes) {
    std::array<char, 4> length{};
    eventstore::put_big_endian32(length.data(), static_cast<std::uint32_t>(bytes.size()));
    add({length.data(), length.size()});
    add(bytes);
  }

  std::string hexadecimal() {
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    crypto_hash_sha256_final(&state_, hash.data());
    std::string text;
    for (const unsigned char byte : hash) {
      text += "0123456789abcdef"[byte >> 4];
      text += "0123456789abcdef"[byte & 15];
    }
    return text;
  }

 private:
  crypto_hash_sha256_state state_{};
};

struct Running {
  Sha256 hash;
  std::uint64_t count = 0;
};

// The name of the line that a row counts for.
std::string line_of(std::string_view key) {
  if (key.empty()) return "unknown";
  if (key.front() == static_cast<char>(RowType::kEntity) && key.size() > 1) {
    const model::Kind* kind = model::schema().kind(static_cast<std::uint8_t>(key[1]));
    return kind == nullptr ? "unknown" : kind->name;
  }
  for (const auto& [type, name] : kTypes) {
    if (key.front() == static_cast<char>(type)) return name;
  }
  return "unknown";
}

}  // namespace

std::vector<RowDigest> digest_rows(const projections::StateStore& state) {
  std::map<std::string, Running> running;
  std::vector<std::string> names;
  for (const model::Kind& kind : model::schema().kinds()) names.push_back(kind.name);
  for (const auto& [type, name] : kTypes) names.emplace_back(name);
  names.emplace_back("unknown");
  state.for_each_row([&](model::WorkspaceId workspace, std::string_view key, std::string_view value) {
    Running& line = running[line_of(key)];
    line.hash.add(workspace.value.view());
    line.hash.add_with_length(key);
    line.hash.add_with_length(value);
    ++line.count;
  });
  std::vector<RowDigest> digests;
  for (const std::string& name : names) {
    Running& line = running[name];
    if (line.count > 0 || name != "unknown") digests.push_back({name, line.hash.hexadecimal(), line.count});
  }
  return digests;
}

}  // namespace daybook::cli
