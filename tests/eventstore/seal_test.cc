#include "eventstore/seal.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "eventstore/master_key.h"
#include "tests/eventstore/codec_fixture.h"

namespace daybook::eventstore {
namespace {

std::string hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    for (const int nibble : {(c >> 4) & 15, c & 15}) out += "0123456789abcdef"[nibble];
  }
  return out;
}

template <typename Act>
std::string error_of(Act act) {
  try {
    act();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

TEST(Seal, OpensWithTheSameKeyAndData) {
  EXPECT_EQ(open(key_of('a'), seal(key_of('a'), "text", "data"), "data"), "text");
  EXPECT_EQ(open(key_of('a'), seal(key_of('a'), "", ""), ""), "");
}

TEST(Seal, RefusesAnotherKey) { EXPECT_EQ(open(key_of('b'), seal(key_of('a'), "text", ""), ""), std::nullopt); }

TEST(Seal, RefusesOtherAssociatedData) {
  EXPECT_EQ(open(key_of('a'), seal(key_of('a'), "text", "here"), "there"), std::nullopt);
}

TEST(Seal, RefusesAnyFlippedBit) {
  const std::string sealed = seal(key_of('a'), "text", "data");
  for (std::size_t bit = 0; bit < 8 * sealed.size(); ++bit) {
    std::string changed = sealed;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_EQ(open(key_of('a'), changed, "data"), std::nullopt) << "bit " << bit;
  }
}

TEST(Seal, RefusesWhatIsTooShort) {
  EXPECT_EQ(open(key_of('a'), "", ""), std::nullopt);
  EXPECT_EQ(open(key_of('a'), std::string(kSealOverhead - 1, 'x'), ""), std::nullopt);
}

TEST(Seal, NeverGivesTheSameBytesTwice) { EXPECT_NE(seal(key_of('a'), "text", ""), seal(key_of('a'), "text", "")); }

TEST(SealRepeatably, GivesTheSameBytesForTheSameInput) {
  const std::string sealed = seal_repeatably(key_of('a'), "text", "data");
  EXPECT_EQ(sealed, seal_repeatably(key_of('a'), "text", "data"));
  EXPECT_EQ(open(key_of('a'), sealed, "data"), "text");
}

TEST(SealRepeatably, NeverUsesANonceForTwoInputs) {
  const auto nonce = [](const Key& key, std::string_view plain, std::string_view data) {
    return seal_repeatably(key, plain, data).substr(0, 24);
  };
  EXPECT_NE(nonce(key_of('a'), "text", "data"), nonce(key_of('a'), "texu", "data"));
  EXPECT_NE(nonce(key_of('a'), "text", "data"), nonce(key_of('a'), "atext", "dat"));
  EXPECT_NE(nonce(key_of('a'), "text", "data"), nonce(key_of('b'), "text", "data"));
}

TEST(Hash, IsTheStandardSha256OverAllPieces) {
  EXPECT_EQ(hex(view(sha256({"a", "", "bc"}))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Hash, OverBytesThatComePieceByPieceIsTheSame) {
  Sha256 hash;
  for (const char* piece : {"a", "", "bc"}) hash.add(piece);
  EXPECT_EQ(hexadecimal(hash.finish()), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

// Values of Python's hashlib.blake2b, which an outside checker would use.
TEST(Hash, KeyedIsTheStandardBlake2b) {
  EXPECT_EQ(hex(view(keyed_hash(key_of('k'), "text"))),
            "f43effdad0de6052d7ddd2a27828a1904f07727a31309322f85a1896b6a3bf23");
}

TEST(DeriveKey, IsTheStandardBlake2bWithSaltAndPersonalisation) {
  EXPECT_EQ(hex(derive_key(key_of('k'), "daybook.body.v1", uuid(5)).view()),
            "2bc366f1c1f99a15c86e1f9052f401856846a54256e4f0b5a1ffd9840be8c256");
}

TEST(DeriveKey, DiffersByPurposeIdAndKey) {
  const Key key = derive_key(key_of('k'), "one", uuid(1));
  EXPECT_FALSE(key == derive_key(key_of('k'), "two", uuid(1)));
  EXPECT_FALSE(key == derive_key(key_of('k'), "one", uuid(2)));
  EXPECT_FALSE(key == derive_key(key_of('l'), "one", uuid(1)));
}

TEST(DeriveKey, RefusesAPurposeOverSixteenBytes) {
  EXPECT_THROW(derive_key(key_of('k'), "seventeen bytes..", uuid(1)), std::logic_error);
}

TEST(Key, TakesThirtyTwoBytesOnly) {
  EXPECT_FALSE(Key::from_bytes(std::string(31, 'x')));
  EXPECT_FALSE(Key::from_bytes(std::string(33, 'x')));
  EXPECT_TRUE(Key::from_bytes(std::string(32, 'x')));
}

TEST(Key, IsWipedWhenItGoes) {
  alignas(Key) std::array<char, sizeof(Key)> memory{};
  Key* key = new (memory.data()) Key(key_of('s'));
  key->~Key();
  const volatile char* left = memory.data();
  for (std::size_t i = 0; i < memory.size(); ++i) EXPECT_EQ(left[i], 0) << i;
}

TEST(Key, RandomOnesDiffer) { EXPECT_FALSE(Key::random() == Key::random()); }

TEST(ConstantTimeCompare, TellsEqualFromUnequal) {
  EXPECT_TRUE(equal_in_constant_time("same", "same"));
  EXPECT_FALSE(equal_in_constant_time("same", "sane"));
  EXPECT_FALSE(equal_in_constant_time("same", "sam"));
}

class KeyFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "daybook-keys-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    data_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(data_); }

  std::filesystem::path data_;
  std::filesystem::path master() const { return data_ / "keys" / "master.key"; }
};

TEST_F(KeyFile, IsCreatedOnceForAnEmptyLog) {
  const Key created = load_or_create_master_key(data_, true);
  EXPECT_TRUE(load_or_create_master_key(data_, true) == created);
  EXPECT_TRUE(load_or_create_master_key(data_, false) == created);
  EXPECT_EQ(std::filesystem::file_size(master()), 32U);
}

TEST_F(KeyFile, IsForItsOwnerAlone) {
  load_or_create_master_key(data_, true);
  EXPECT_EQ(std::filesystem::status(master()).permissions(), std::filesystem::perms(0600));
  EXPECT_EQ(std::filesystem::status(data_ / "keys").permissions(), std::filesystem::perms(0700));
}

TEST_F(KeyFile, LeavesNothingElseBehind) {
  load_or_create_master_key(data_, true);
  load_or_create_cursor_key(data_, true);
  const auto files = std::filesystem::directory_iterator(data_ / "keys");
  EXPECT_EQ(std::distance(begin(files), end(files)), 2);
}

TEST_F(KeyFile, MissingBesideALogWithRecordsSaysWhereToPutIt) {
  const std::string error = error_of([&] { load_or_create_master_key(data_, false); });
  EXPECT_NE(error.find(master().string() + " is missing"), std::string::npos) << error;
  EXPECT_NE(error.find("put the key back there"), std::string::npos) << error;
  EXPECT_FALSE(std::filesystem::exists(master()));
}

TEST_F(KeyFile, ReadableByOthersIsRefusedWithTheCommandThatHelps) {
  load_or_create_master_key(data_, true);
  ASSERT_EQ(chmod(master().c_str(), 0640), 0);
  const std::string error = error_of([&] { load_or_create_master_key(data_, false); });
  EXPECT_NE(error.find("chmod 600 " + master().string()), std::string::npos) << error;
}

TEST_F(KeyFile, OfAWrongLengthIsRefused) {
  load_or_create_master_key(data_, true);
  std::filesystem::resize_file(master(), 31);
  const std::string error = error_of([&] { load_or_create_master_key(data_, true); });
  EXPECT_NE(error.find("has 31 bytes instead of 32"), std::string::npos) << error;
}

TEST_F(KeyFile, HalfWrittenBeforeACrashIsMadeAnew) {
  std::filesystem::create_directory(data_ / "keys");
  std::ofstream(data_ / "keys" / "master.key.new") << "half";
  const Key created = load_or_create_master_key(data_, true);
  EXPECT_TRUE(load_or_create_master_key(data_, false) == created);
}

TEST_F(KeyFile, OfCursorsIsAnother) {
  EXPECT_FALSE(load_or_create_master_key(data_, true) == load_or_create_cursor_key(data_, true));
  EXPECT_TRUE(std::filesystem::exists(data_ / "keys" / "cursor.key"));
}

}  // namespace
}  // namespace daybook::eventstore
