#include <gtest/gtest.h>

#include "eventstore/kafka/key_table.h"

namespace daybook::eventstore {
namespace {

KeyTable table_of(const std::vector<KeyRow>& rows) {
  KeyTable table;
  for (const KeyRow& row : rows) table.read(row);
  return table;
}

TEST(KeyTable, FindsWhatWasWritten) {
  const KeyTable table = table_of({{"ann", 0, "a"}, {"bob", 0, "b"}});
  EXPECT_EQ(table.find("ann"), "a");
  EXPECT_EQ(table.find("bob"), "b");
  EXPECT_EQ(table.find("cid"), std::nullopt);
}

TEST(KeyTable, TheLastRowOfAnEpochHolds) {
  EXPECT_EQ(table_of({{"ann", 4, "first"}, {"ann", 4, "second"}}).find("ann"), "second");
}

TEST(KeyTable, KeysOfOlderEpochsStay) {
  const KeyTable table = table_of({KeyRow::fence(4), {"ann", 4, "a"}, KeyRow::fence(9), {"bob", 9, "b"}});
  EXPECT_EQ(table.find("ann"), "a");
  EXPECT_EQ(table.find("bob"), "b");
}

TEST(KeyTable, ALateRowBeforeTheFenceCounts) {
  // The new writer's claim was read back; its fence comes after this row, so it finds the key and uses it.
  EXPECT_EQ(table_of({KeyRow::fence(4), {"ann", 4, "late"}, KeyRow::fence(9)}).find("ann"), "late");
}

TEST(KeyTable, ALateRowAfterTheFenceIsNone) {
  const KeyTable table = table_of({KeyRow::fence(4), KeyRow::fence(9), {"ann", 4, "late"}});
  EXPECT_EQ(table.find("ann"), std::nullopt);
  EXPECT_EQ(table.epoch(), 9U);
}

TEST(KeyTable, ALateRowTakesNoKeysPlace) {
  EXPECT_EQ(table_of({KeyRow::fence(9), {"ann", 9, "right"}, {"ann", 4, "late"}}).find("ann"), "right");
}

TEST(KeyTable, ALateRowOfAnEpochBetweenIsNoneForTheWritersAfterIt) {
  // The writer of epoch 9 was held up with this row; the one of 12 found and used what there was at its fence.
  const KeyTable table =
      table_of({KeyRow::fence(4), {"ann", 4, "used"}, KeyRow::fence(9), KeyRow::fence(12), {"ann", 9, "late"}});
  EXPECT_EQ(table.find("ann"), "used");
}

TEST(KeyTable, ALateFenceIsNone) {
  const KeyTable table = table_of({KeyRow::fence(12), KeyRow::fence(9), {"ann", 9, "late"}});
  EXPECT_EQ(table.find("ann"), std::nullopt);
  EXPECT_EQ(table.epoch(), 12U);
}

TEST(KeyTable, AKeyMadeAnewUnderAHigherEpochHolds) {
  EXPECT_EQ(table_of({{"ann", 4, "old"}, KeyRow::fence(9), {"ann", 9, "new"}}).find("ann"), "new");
}

TEST(KeyTable, ADestroyedRowIsGone) {
  EXPECT_EQ(table_of({{"ann", 4, "a"}, {"ann", 4, std::nullopt}}).find("ann"), std::nullopt);
}

TEST(KeyTable, ARowOfAnOlderEpochIsDestroyedToo) {
  const KeyTable table = table_of({{"ann", 4, "a"}, KeyRow::fence(9), {"ann", 4, std::nullopt}});
  EXPECT_EQ(table.find("ann"), std::nullopt);
  EXPECT_EQ(table.epoch(), 9U);
}

TEST(KeyTable, DestroyingARowThatWasReplacedLeavesTheOther) {
  EXPECT_EQ(table_of({{"ann", 4, "old"}, {"ann", 9, "new"}, {"ann", 4, std::nullopt}}).find("ann"), "new");
}

TEST(KeyTable, DestroyingWhatIsNotThereIsHarmless) {
  const KeyTable table = table_of({{"ann", 4, std::nullopt}});
  EXPECT_EQ(table.find("ann"), std::nullopt);
  EXPECT_EQ(table.epoch(), std::nullopt);
}

TEST(KeyTable, WhatCompactionLeavesMeansTheSame) {
  // Each Kafka key's last row: the tombstone has taken its row along, and was then taken itself.
  const KeyTable whole = table_of({KeyRow::fence(4),
                                   {"ann", 4, "a"},
                                   {"bob", 4, "b"},
                                   KeyRow::fence(9),
                                   {"ann", 4, std::nullopt},
                                   {"cid", 9, "c"},
                                   {"bob", 3, "late"}});
  const KeyTable compacted =
      table_of({KeyRow::fence(4), {"bob", 4, "b"}, KeyRow::fence(9), {"cid", 9, "c"}, {"bob", 3, "late"}});
  for (const char* name : {"ann", "bob", "cid"}) EXPECT_EQ(whole.find(name), compacted.find(name)) << name;
}

TEST(KeyTable, HoldsARowOnlyWithItsEpochAndValue) {
  const KeyTable table = table_of({{"ann", 4, "a"}});
  EXPECT_TRUE(table.holds({"ann", 4, "a"}));
  EXPECT_FALSE(table.holds({"ann", 9, "a"}));
  EXPECT_FALSE(table.holds({"ann", 4, "b"}));
  EXPECT_FALSE(table.holds({"bob", 4, "a"}));
}

TEST(KeyRow, ReadsWhatItWrote) {
  for (const KeyRow& row :
       {KeyRow{"ann", 4, "wrapped"}, KeyRow{"ann", 1ULL << 63, ""}, KeyRow{"ann", 4, std::nullopt}, KeyRow::fence(7)}) {
    const StoredKeyRow stored = write_key_row(row);
    EXPECT_EQ(read_key_row(stored.key, stored.value), row);
  }
}

TEST(KeyRow, StandsAsItIsDescribed) {
  const StoredKeyRow stored = write_key_row({"ann", 0x0102, "wrapped"});
  EXPECT_EQ(stored.key, std::string("ann\0\0\0\0\0\0\x01\x02", 11));
  EXPECT_EQ(stored.value, "\x01wrapped");
}

TEST(KeyRow, RefusesWhatIsNone) {
  const std::string key = write_key_row({"ann", 4, ""}).key;
  EXPECT_EQ(read_key_row("short", "\x01"), std::nullopt);
  EXPECT_EQ(read_key_row(key, ""), std::nullopt);
  EXPECT_EQ(read_key_row(key, "\x02later"), std::nullopt);
}

TEST(KeysNeeded, ReadsWhatItWrote) {
  EXPECT_EQ(write_keys_needed(0x0102), std::string("\0\0\0\0\0\0\x01\x02", 8));
  EXPECT_EQ(read_keys_needed(write_keys_needed(0x0102)), 0x0102U);
  EXPECT_EQ(read_keys_needed(""), 0U);
  EXPECT_EQ(read_keys_needed("four"), std::nullopt);
}

}  // namespace
}  // namespace daybook::eventstore
