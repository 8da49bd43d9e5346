#include "eventstore/codec_record.h"

#include <gtest/gtest.h>

#include "model/wire.h"
#include "tests/eventstore/codec_fixture.h"

namespace daybook::eventstore {
namespace {

TEST(Record, ClaimsAreReadAsTheyWereWritten) {
  const std::string bytes = write_record(ClaimRecord{0, uuid(1), "node-a:7000"});
  const auto claim = std::get<ClaimRecord>(read_record(bytes).value());
  EXPECT_EQ(claim.previous_epoch, 0U);
  EXPECT_EQ(claim.instance, uuid(1));
  EXPECT_EQ(claim.node_address, "node-a:7000");
  EXPECT_EQ(claim.address_mac, std::nullopt);
  EXPECT_EQ(std::get<ClaimRecord>(read_record(write_record(ClaimRecord{})).value()).previous_epoch, std::nullopt);
}

TEST(Record, AClaimMayHaveAMacOfItsAddress) {
  const Hash mac = sha256({"mac"});
  const std::string bytes = write_record(ClaimRecord{0, uuid(1), "node-a:7000", mac});
  EXPECT_EQ(std::get<ClaimRecord>(read_record(bytes).value()).address_mac, mac);
}

TEST(Record, AMovedRecordIsReadAsItWasWritten) {
  const std::string bytes = write_record(MovedRecord{{7, 3}, 1'732'400'000'000'000, "the other log"});
  const auto record = read_record(bytes);
  const auto& moved = std::get<MovedRecord>(record.value());
  EXPECT_EQ(moved.fence, (Fence{7, 3}));
  EXPECT_EQ(moved.time_us, 1'732'400'000'000'000);
  EXPECT_EQ(moved.destination, "the other log");
  EXPECT_FALSE(read_record(bytes.substr(0, bytes.size() - 1)));
}

TEST(Record, AnUnknownKindStopsTheReader) {
  std::string bytes;
  model::append_bytes_field(bytes, 5, "later");
  EXPECT_EQ(read_record(bytes).error(), "a record of kind 5 is unknown to this version");
  EXPECT_FALSE(read_record(""));
}

}  // namespace
}  // namespace daybook::eventstore
