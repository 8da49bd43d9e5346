#include "eventstore/embedded/record_value.h"

#include <gtest/gtest.h>

#include <optional>

namespace daybook::eventstore {
namespace {

TEST(RecordKey, OrdersAsOffsetsDo) { EXPECT_LT(record_key(255), record_key(256)); }

TEST(RecordKey, GivesItsOffsetBack) { EXPECT_EQ(offset_of(record_key(0x0102030405060708U)), 0x0102030405060708U); }

TEST(RecordKey, OfAnotherLengthIsNoOffset) { EXPECT_EQ(offset_of("1234567"), std::nullopt); }

TEST(CheckedValue, GivesItsBytesBack) {
  EXPECT_EQ(bytes_of("key", checked_value("key", "bytes")), "bytes");
  EXPECT_EQ(bytes_of("key", checked_value("key", "")), "");
}

TEST(CheckedValue, EveryFlippedBitIsFound) {
  const std::string value = checked_value(record_key(7), "some bytes of a record");
  for (std::size_t bit = 0; bit < 8 * value.size(); ++bit) {
    std::string flipped = value;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    EXPECT_EQ(bytes_of(record_key(7), flipped), std::nullopt) << "bit " << bit;
  }
}

TEST(CheckedValue, UnderAnotherKeyIsFound) {
  EXPECT_EQ(bytes_of(record_key(8), checked_value(record_key(7), "bytes")), std::nullopt);
}

TEST(CheckedValue, CutShortIsFound) { EXPECT_EQ(bytes_of("key", "abc"), std::nullopt); }

}  // namespace
}  // namespace daybook::eventstore
