#include "cli/doctor/key_strength.h"

#include <gmock/gmock.h>

#include "eventstore/seal.h"

namespace daybook::cli {
namespace {

using testing::Optional;

std::optional<std::string> weakness(std::string_view key) { return weakness_of(key, 32, SecretForm::kBytes); }

TEST(KeyStrength, WhatChanceMadeIsAccepted) {
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(weakness(eventstore::Key::random().view()), std::nullopt);
}

TEST(KeyStrength, AShortOneIsRefused) {
  EXPECT_THAT(weakness(std::string(31, 'k')), Optional(std::string("is too short: 31 bytes and not 32")));
  EXPECT_THAT(weakness(""), Optional(std::string("is too short: 0 bytes and not 32")));
}

TEST(KeyStrength, ZeroIsRefused) { EXPECT_THAT(weakness(std::string(32, '\0')), Optional(std::string("is all zero"))); }

TEST(KeyStrength, OneByteRepeatedIsRefused) {
  EXPECT_THAT(weakness(std::string(32, '\x7f')), Optional(std::string("is one byte repeated")));
}

TEST(KeyStrength, FewBytesAreRefused) {
  EXPECT_THAT(weakness("\x01\x02\x03\x04\x05\x06\x07\x08\x01\x02\x03\x04\x05\x06\x07\x08"
                       "\x01\x02\x03\x04\x05\x06\x07\x08\x01\x02\x03\x04\x05\x06\x07\x08"),
              Optional(std::string("has only 8 distinct bytes")));
}

TEST(KeyStrength, TypedTextIsNoKeyOfBytes) {
  constexpr std::string_view kTyped = "correct horse battery staple 12!";
  EXPECT_THAT(weakness(kTyped), Optional(std::string("is text that people type")));
  EXPECT_EQ(weakness_of(kTyped, 32, SecretForm::kSpelled), std::nullopt);
}

}  // namespace
}  // namespace daybook::cli
