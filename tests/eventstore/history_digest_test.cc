#include "eventstore/history_digest.h"

#include <gtest/gtest.h>

#include "eventstore/merged_history.h"
#include "tests/eventstore/written_log.h"

namespace daybook::eventstore {
namespace {

constexpr std::uint64_t kAll = 100;

HistoryDigest digest_of(MemoryLog& log, std::uint64_t end = kAll) {
  return digest_histories(log, 0, end, [](std::uint64_t) {}).at(kAcme);
}

// The records of the log under the fences of a later writer, but for those at some offsets.
std::unique_ptr<MemoryLog> copy_without(MemoryLog& log, const std::vector<std::uint64_t>& left_out) {
  auto copy = std::make_unique<MemoryLog>();
  LogTenure(*copy, 0).begin(uuid(201));
  LogTenure writer(*copy, 0);
  writer.begin(uuid(202));
  PartitionHistory history(log, 0, kAll);
  while (const auto entry = history.next()) {
    if (std::ranges::find(left_out, history.offset()) != left_out.end()) continue;
    writer.append({under(writer.next_fence(), entry->record), {}});
  }
  writer.confirm();
  return copy;
}

// A claim at offset 0, a commit at 1, two parts at 2 and 3, and their commit at 4.
class HistoryDigests : public testing::Test {
 protected:
  HistoryDigests() {
    written_.commit(kAcme);
    written_.big(kAcme, [] {});
    written_.confirm();
  }
  WrittenLog written_{1};
};

TEST_F(HistoryDigests, CountWhatTheyCover) {
  const HistoryDigest digest = digest_of(written_.log);
  EXPECT_EQ(digest.commits, 2U);
  EXPECT_EQ(digest.parts, 2U);
  EXPECT_EQ(digest.head.next_position, 5U);
}

TEST_F(HistoryDigests, AreTheSameUnderOtherFences) {
  EXPECT_EQ(digest_of(*copy_without(written_.log, {})), digest_of(written_.log));
}

TEST_F(HistoryDigests, DifferWhereAPartIsMissing) {
  EXPECT_NE(digest_of(*copy_without(written_.log, {3})), digest_of(written_.log));
}

TEST_F(HistoryDigests, EndBeforeTheOffset) {
  EXPECT_EQ(digest_of(written_.log, 2), digest_of(*copy_without(written_.log, {2, 3, 4})));
}

TEST_F(HistoryDigests, RefuseAChainWithAHole) {
  const auto copy = copy_without(written_.log, {1});
  EXPECT_THROW(digest_of(*copy), LogDamaged);
}

}  // namespace
}  // namespace daybook::eventstore
