#include "eventstore/fence.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "tests/eventstore/codec_fixture.h"

namespace daybook::eventstore {
namespace {

using enum Ruling;

ClaimRecord claim(std::optional<std::uint64_t> previous_epoch) { return {previous_epoch, uuid(1), "node-a:7000"}; }
CommitRecord commit(std::uint64_t epoch, std::uint64_t sequence) { return {{epoch, sequence}, "header", "body"}; }
PartRecord part(std::uint64_t epoch, std::uint64_t sequence) { return {{epoch, sequence}, kAcme, uuid(2), 0, "body"}; }

struct Written {
  std::uint64_t offset;
  Record record;
  Ruling ruling;
};

struct Case {
  const char* name;
  std::vector<Written> log;
};

class Fencing : public testing::TestWithParam<Case> {};

TEST_P(Fencing, RulesAsTheTableSays) {
  FenceRule rule;
  for (const Written& written : GetParam().log) {
    EXPECT_EQ(rule.accept(written.offset, written.record), written.ruling) << "offset " << written.offset;
  }
}

// Offsets have gaps, as they may on Kafka.
INSTANTIATE_TEST_SUITE_P(
    Table, Fencing,
    testing::Values(Case{"RecordsOfOneWriter",
                         {{0, claim({}), kEffective},
                          {1, commit(0, 1), kEffective},
                          {2, part(0, 2), kEffective},
                          {5, commit(0, 3), kEffective}}},
                    Case{"RecordsBeforeAnyClaim", {{0, commit(0, 1), kStaleEpoch}, {1, claim({}), kEffective}}},
                    Case{"ASecondFirstClaim",
                         {{0, claim({}), kEffective}, {1, claim({}), kStaleEpoch}, {2, commit(0, 1), kEffective}}},
                    Case{"AClaimOnAnEpochThatNeverWas", {{3, claim(0), kStaleEpoch}, {4, claim({}), kEffective}}},
                    Case{"ATakeoverStartsTheSequenceOver",
                         {{0, claim({}), kEffective},
                          {1, commit(0, 1), kEffective},
                          {2, claim(0), kEffective},
                          {3, commit(2, 1), kEffective},
                          {4, commit(2, 2), kEffective}}},
                    Case{"AZombieThatWakesUpAfterTheTakeover",
                         {{0, claim({}), kEffective},
                          {1, commit(0, 1), kEffective},
                          {2, claim(0), kEffective},
                          {3, commit(0, 2), kStaleEpoch},
                          {4, commit(2, 1), kEffective},
                          {5, commit(0, 3), kStaleEpoch}}},
                    Case{"ALateRecordThatStillComesBeforeTheClaim",
                         {{0, claim({}), kEffective},
                          {1, commit(0, 1), kEffective},
                          {2, claim(0), kEffective},
                          {3, commit(2, 1), kEffective}}},
                    Case{"ALateRecordThatComesAfterTheClaim",
                         {{0, claim({}), kEffective},
                          {1, claim(0), kEffective},
                          {2, commit(0, 1), kStaleEpoch},
                          {3, commit(1, 1), kEffective}}},
                    Case{"TwoClaimsOnTheSameEpoch",
                         {{0, claim({}), kEffective},
                          {1, claim(0), kEffective},
                          {2, claim(0), kStaleEpoch},
                          {3, commit(2, 1), kStaleEpoch},
                          {4, commit(1, 1), kEffective}}},
                    Case{"AClaimOnAnOlderEpoch",
                         {{0, claim({}), kEffective},
                          {1, claim(0), kEffective},
                          {2, claim(1), kEffective},
                          {3, claim(1), kStaleEpoch},
                          {4, claim(0), kStaleEpoch},
                          {5, commit(2, 1), kEffective}}},
                    Case{"AHoleStopsTheWriter",
                         {{0, claim({}), kEffective},
                          {1, commit(0, 1), kEffective},
                          {2, commit(0, 3), kHole},
                          {3, commit(0, 4), kHole}}},
                    Case{"AHoleThatIsFilledLater",
                         {{0, claim({}), kEffective},
                          {1, commit(0, 2), kHole},
                          {2, commit(0, 1), kEffective},
                          {3, commit(0, 2), kEffective}}},
                    Case{"AHoleLeftByALostPart",
                         {{0, claim({}), kEffective}, {1, part(0, 1), kEffective}, {2, commit(0, 3), kHole}}},
                    Case{"ARepeat",
                         {{0, claim({}), kEffective},
                          {1, commit(0, 1), kEffective},
                          {2, commit(0, 1), kRepeated},
                          {3, commit(0, 2), kEffective},
                          {4, commit(0, 1), kRepeated}}},
                    Case{"ASequenceOfZero", {{0, claim({}), kEffective}, {1, commit(0, 0), kRepeated}}},
                    Case{"ATakeoverAfterAHole",
                         {{0, claim({}), kEffective},
                          {1, commit(0, 2), kHole},
                          {2, claim(0), kEffective},
                          {3, commit(0, 1), kStaleEpoch},
                          {4, commit(2, 1), kEffective}}}),
    [](const auto& tested) { return std::string(tested.param.name); });

// A log as paused writers, lost and doubled records and rivals could leave it.
std::vector<std::pair<std::uint64_t, Record>> random_log(std::mt19937_64& random) {
  std::vector<std::pair<std::uint64_t, Record>> log;
  std::uint64_t offset = random() % 3;
  while (log.size() < 60) {
    const std::uint64_t epoch = log.empty() ? 0 : log[random() % log.size()].first;
    switch (random() % 6) {
      case 0:
        log.emplace_back(offset, claim(random() % 4 == 0 ? std::nullopt : std::optional(epoch)));
        break;
      case 1:
        log.emplace_back(offset, part(epoch, 1 + random() % 5));
        break;
      default:
        log.emplace_back(offset, commit(epoch, 1 + random() % 5));
        break;
    }
    offset += 1 + random() % 2;
  }
  return log;
}

std::vector<std::uint64_t> effective_offsets(const std::vector<std::pair<std::uint64_t, Record>>& log) {
  FenceRule rule;
  std::vector<std::uint64_t> offsets;
  for (const auto& [offset, record] : log) {
    if (rule.accept(offset, record) == kEffective) offsets.push_back(offset);
  }
  return offsets;
}

TEST(FenceProperty, AReaderThatRestartsAnywhereAcceptsTheSameRecords) {
  std::mt19937_64 random(20240601);
  for (int run = 0; run < 300; ++run) {
    const auto log = random_log(random);
    std::vector<std::uint64_t> offsets;
    FencePosition saved;
    for (const auto& [offset, record] : log) {
      FenceRule restarted(saved);
      if (restarted.accept(offset, record) == kEffective) offsets.push_back(offset);
      saved = restarted.position();
    }
    EXPECT_EQ(offsets, effective_offsets(log)) << "run " << run;
  }
}

TEST(FenceProperty, AReaderThatSeesRecordsAgainAcceptsThemOnce) {
  std::mt19937_64 random(20240602);
  for (int run = 0; run < 300; ++run) {
    const auto log = random_log(random);
    FenceRule rule;
    for (const auto& [offset, record] : log) {
      rule.accept(offset, record);
      const FencePosition before = rule.position();
      EXPECT_NE(rule.accept(offset, record), kEffective) << "run " << run << ", offset " << offset;
      EXPECT_EQ(rule.position(), before);
    }
  }
}

TEST(FenceProperty, RecordsThatDoNotCountChangeNothing) {
  std::mt19937_64 random(20240603);
  for (int run = 0; run < 300; ++run) {
    const auto log = random_log(random);
    const auto effective = effective_offsets(log);
    std::vector<std::pair<std::uint64_t, Record>> without;
    for (const auto& entry : log) {
      if (std::ranges::binary_search(effective, entry.first)) without.push_back(entry);
    }
    EXPECT_EQ(effective_offsets(without), effective) << "run " << run;
  }
}

TEST(FenceProperty, EffectiveRecordsAreWhatOneWriterAtATimeWrote) {
  std::mt19937_64 random(20240604);
  for (int run = 0; run < 300; ++run) {
    FenceRule rule;
    Fence last;
    for (const auto& [offset, record] : random_log(random)) {
      if (rule.accept(offset, record) != kEffective) continue;
      if (std::holds_alternative<ClaimRecord>(record)) {
        last = {offset, 0};
        continue;
      }
      const auto* committed = std::get_if<CommitRecord>(&record);
      const Fence fence = committed ? committed->fence : std::get<PartRecord>(record).fence;
      EXPECT_EQ(fence, (Fence{last.epoch, last.sequence + 1}));
      last = fence;
    }
  }
}

}  // namespace
}  // namespace daybook::eventstore
