#include "eventstore/chain.h"

#include <gtest/gtest.h>

#include "eventstore/seal.h"
#include "tests/eventstore/codec_fixture.h"

namespace daybook::eventstore {
namespace {

const CommitHeader kHeader{.workspace = kAcme,
                           .command = uuid(20),
                           .first_position = 5,
                           .event_count = 2,
                           .previous_hash = sha256({"before"}),
                           .time_us = 1'732'400'000'000'000,
                           .body_key_commitment = sha256({"key"})};

TEST(Chain, TakesTheNextCommit) { EXPECT_TRUE(check(kHeader, {5, sha256({"before"})})); }

TEST(Chain, RefusesACommitAfterAMissingOne) {
  const auto fits = check(kHeader, {4, sha256({"before"})});
  ASSERT_FALSE(fits);
  EXPECT_EQ(
      fits.error().text(),
      "workspace 0193d1f0-0000-7000-8000-000000000001, position 5: the commit should begin at position 4: a commit "
      "is missing, repeated or out of order");
}

TEST(Chain, RefusesACommitThatFollowsAnother) {
  const auto fits = check(kHeader, {5, sha256({"other"})});
  ASSERT_FALSE(fits);
  EXPECT_EQ(fits.error().workspace, kAcme);
  EXPECT_EQ(fits.error().position, 5U);
}

TEST(Chain, HashCoversHeaderAndSealedBody) {
  EXPECT_EQ(chain_hash("header", "body"), sha256({"headerbody"}));
  EXPECT_EQ(head_after(kHeader, "header", "body"), (ChainHead{7, sha256({"headerbody"})}));
}

TEST(Chain, ACommitWithoutEventsTakesNoPosition) {
  CommitHeader empty = kHeader;
  empty.event_count = 0;
  EXPECT_EQ(head_after(empty, "header", "body").next_position, 5U);
}

TEST(Chain, PartHashCoversAllButTheFence) {
  const PartRecord part{{1, 2}, kAcme, uuid(20), 0x01020304, "body"};
  EXPECT_EQ(part_hash(part), sha256({kAcme.value.view(), uuid(20).view(), "\x01\x02\x03\x04", "body"}));
  EXPECT_EQ(part_hash(part), part_hash({{8, 9}, kAcme, uuid(20), 0x01020304, "body"}));
}

TEST(Chain, PartsHashIsOverTheirHashesInOrder) {
  const Hash a = sha256({"a"});
  const Hash b = sha256({"b"});
  EXPECT_EQ(parts_hash(std::array{a, b}), sha256({view(a), view(b)}));
  EXPECT_NE(parts_hash(std::array{a, b}), parts_hash(std::array{b, a}));
  EXPECT_EQ(parts_hash({}), Hash{});
}

TEST(Header, IsReadAsItWasWritten) { EXPECT_EQ(read_header(write_header(kHeader)), kHeader); }

TEST(Header, RefusesAByteMovedInFromTheBody) {
  // As an unknown field it would leave the chain hash as it was.
  EXPECT_FALSE(read_header(write_header(kHeader) + std::string("\x58\x01", 2)));
}

TEST(Header, RefusesAByteMovedOutIntoTheBody) {
  const std::string bytes = write_header(kHeader);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(read_header(std::string_view(bytes).substr(0, size))) << size;
  }
}

TEST(Header, OfALaterVersionAsksForAnUpgrade) {
  CommitHeader later = kHeader;
  later.schema_level = 2;
  std::string bytes = write_header(later);
  model::append_varint_field(bytes, 11, 1);
  const auto header = read_header(bytes);
  ASSERT_FALSE(header);
  EXPECT_EQ(header.error(), "the commit has schema_level 2, and this version reads up to 1; upgrade");
}

}  // namespace
}  // namespace daybook::eventstore
