#include "cli/state_digest.h"

#include <array>
#include <map>
#include <utility>

#include "eventstore/checksum.h"
#include "eventstore/seal.h"
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

void add_with_length(eventstore::Sha256& hash, std::string_view bytes) {
  std::array<char, 4> length{};
  eventstore::put_big_endian32(length.data(), static_cast<std::uint32_t>(bytes.size()));
  hash.add({length.data(), length.size()});
  hash.add(bytes);
}

struct Running {
  eventstore::Sha256 hash;
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
    add_with_length(line.hash, key);
    add_with_length(line.hash, value);
    ++line.count;
  });
  std::vector<RowDigest> digests;
  for (const std::string& name : names) {
    Running& line = running[name];
    if (line.count > 0 || name != "unknown")
      digests.push_back({name, eventstore::hexadecimal(line.hash.finish()), line.count});
  }
  return digests;
}

}  // namespace daybook::cli
