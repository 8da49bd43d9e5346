#include "eventstore/checksum.h"

#include <gtest/gtest.h>

#include <string>

namespace daybook::eventstore {
namespace {

// RFC 3720, appendix B.4.
TEST(Crc32c, GivesThePublishedValues) {
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAU);
  EXPECT_EQ(crc32c(std::string(32, '\xFF')), 0x62A8AB43U);
  EXPECT_EQ(crc32c("123456789"), 0xE3069283U);
}

TEST(Crc32c, SumsPieces) { EXPECT_EQ(crc32c("56789", crc32c("1234")), crc32c("123456789")); }

TEST(Crc32c, OfNothingIsZero) { EXPECT_EQ(crc32c(""), 0U); }

// FNV-1a test vectors (Noll).
TEST(Fingerprint, GivesThePublishedValues) {
  EXPECT_EQ(fingerprint(""), 0xCBF29CE484222325U);
  EXPECT_EQ(fingerprint("a"), 0xAF63DC4C8601EC8CU);
  EXPECT_EQ(fingerprint("foobar"), 0x85944171F73967E8U);
}

TEST(BigEndian, PutsTheHighByteFirst) {
  std::string bytes(8, '\0');
  put_big_endian64(bytes.data(), 0x0102030405060708U);
  EXPECT_EQ(bytes, "\x01\x02\x03\x04\x05\x06\x07\x08");
  EXPECT_EQ(get_big_endian64(bytes.data()), 0x0102030405060708U);
  EXPECT_EQ(get_big_endian32(bytes.data()), 0x01020304U);
}

}  // namespace
}  // namespace daybook::eventstore
