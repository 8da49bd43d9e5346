#include "eventstore/history_digest.h"

#include <utility>

#include "eventstore/log_damaged.h"
#include "eventstore/merged_history.h"
#include "eventstore/seal.h"

namespace daybook::eventstore {
namespace {

void add(std::string_view record, HistoryDigest& to) {
  const std::string_view before(reinterpret_cast<const char*>(to.records.data()), to.records.size());
  to.records = sha256({before, record});
}

}  // namespace

std::unordered_map<model::WorkspaceId, HistoryDigest> digest_histories(
    Log& log, std::uint32_t partition, std::uint64_t end, const std::function<void(std::uint64_t)>& on_record) {
  std::unordered_map<model::WorkspaceId, HistoryDigest> digests;
  PartitionHistory history(log, partition, end);
  while (const auto entry = history.next()) {
    HistoryDigest& digest = digests[entry->workspace];
    add(under({}, entry->record), digest);
    on_record(history.offset());
    if (!entry->header) {
      ++digest.parts;
      continue;
    }
    if (const auto fits = check(*entry->header, digest.head); !fits) {
      throw LogDamaged(
          {{}, {}, history.offset(), "partition " + std::to_string(partition) + ": " + fits.error().text()});
    }
    const auto& commit = std::get<CommitRecord>(entry->record);
    digest.head = head_after(*entry->header, commit.header, commit.sealed_body);
    ++digest.commits;
  }
  return digests;
}

}  // namespace daybook::eventstore
