#include <gtest/gtest.h>

#include "eventstore/codec_record.h"
#include "eventstore/kafka/last_owner.h"
#include "tests/eventstore/kafka/kafka_scene.h"

namespace daybook::eventstore::testing {
namespace {

AddressSeal seal_of(char fill) { return AddressSeal(*Key::from_bytes(std::string(Key::kSize, fill))); }

struct KafkaLastOwner : ::testing::Test {
  KafkaLastOwner() { scene.open(); }

  /// A claim after the one before, by whoever has that master key; returns its offset.
  std::uint64_t claim(std::optional<std::uint64_t> previous, const std::string& url, char master = 'm') {
    const std::uint64_t offset = scene.log->end_now(0);
    scene.append(write_record(ClaimRecord{previous, {}, url, seal_of(master).mac(url)}));
    return offset;
  }
  void commit(std::uint64_t epoch, std::uint64_t sequence) {
    scene.append(write_record(CommitRecord{{epoch, sequence}, "header", std::string(kSealOverhead, 'b')}));
  }
  std::optional<LastOwner> last_owner() const { return last_owner_of(scene.options, 0, seal_of('m')); }

  KafkaScene scene;
};

TEST_F(KafkaLastOwner, IsNobodyBeforeTheFirstClaim) { EXPECT_FALSE(last_owner()); }

TEST_F(KafkaLastOwner, IsWhoseClaimFollowsTheOneBefore) {
  const auto first = claim(std::nullopt, "http://a");
  claim(first, "http://b");
  claim(first, "http://late");
  EXPECT_EQ(last_owner()->node_url, "http://b");
}

TEST_F(KafkaLastOwner, IsKnownByItsRecordsFarBehindItsClaim) {
  const auto epoch = claim(claim(std::nullopt, "http://a"), "http://b");
  for (std::uint64_t sequence = 1; sequence <= 40; ++sequence) commit(epoch, sequence);
  EXPECT_EQ(last_owner()->node_url, "http://b");
}

TEST_F(KafkaLastOwner, UnderAnotherMasterKeyOnlyClaimsItsAddress) {
  claim(std::nullopt, "http://evil", 'e');
  EXPECT_EQ(last_owner()->node_url, "");
  EXPECT_EQ(last_owner()->claimed_url, "http://evil");
}

TEST_F(KafkaLastOwner, MayHaveNoAddress) {
  claim(std::nullopt, "");
  EXPECT_EQ(last_owner()->node_url + last_owner()->claimed_url, "");
}

}  // namespace
}  // namespace daybook::eventstore::testing
