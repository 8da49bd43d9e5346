#include "eventstore/keyring.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/eventstore/codec_fixture.h"

namespace daybook::eventstore {
namespace {

const model::Uuid kJane = uuid(10);
const model::Uuid kJoe = uuid(11);

class KeyringRows : public testing::Test {
 protected:
  KeyRows log_;
  Keyring keyring_{log_, key_of('m')};

  // Makes the keys of a workspace and a subject, and stores their rows.
  Key make(model::WorkspaceId workspace, const model::Uuid& subject) {
    std::vector<WrappedKey> needed;
    keyring_.workspace_key_for(workspace, needed);
    const Key key = keyring_.subject_key_for(workspace, subject, needed);
    log_.store(needed);
    keyring_.settle({key_row_name(workspace, {}), key_row_name(workspace, subject)});
    return key;
  }
};

TEST_F(KeyringRows, FindsNothingWhereNothingWasMade) {
  EXPECT_FALSE(keyring_.workspace_key(kAcme));
  EXPECT_FALSE(keyring_.subject_key(kAcme, kJane));
}

TEST_F(KeyringRows, OpensStoredKeysInAnotherProcess) {
  const Key jane = make(kAcme, kJane);
  Keyring other(log_, key_of('m'));
  EXPECT_TRUE(other.subject_key(kAcme, kJane) == jane);
  EXPECT_TRUE(other.workspace_key(kAcme) == keyring_.workspace_key(kAcme));
}

TEST_F(KeyringRows, AreOpenedByTheRightMasterKeyOnly) {
  make(kAcme, kJane);
  const std::string name = key_row_name(kAcme, {});
  const WrappedKey row{name, *log_.find_key(name)};
  EXPECT_TRUE(opens(key_of('m'), row));
  EXPECT_FALSE(opens(key_of('n'), row));
}

TEST_F(KeyringRows, KeysOfSubjectsAndWorkspacesDiffer) {
  EXPECT_FALSE(make(kAcme, kJane) == make(kAcme, kJoe));
  EXPECT_FALSE(make(kAcme, kJane) == make(kGlobex, kJane));
}

TEST_F(KeyringRows, StoredKeysAreNotNeededAgain) {
  make(kAcme, kJane);
  std::vector<WrappedKey> needed;
  keyring_.workspace_key_for(kAcme, needed);
  keyring_.subject_key_for(kAcme, kJane, needed);
  EXPECT_TRUE(needed.empty());
}

TEST_F(KeyringRows, PendingKeysAreUsableAtOnceAndGoWithEachRecord) {
  std::vector<WrappedKey> first;
  std::vector<WrappedKey> second;
  const Key key = keyring_.workspace_key_for(kAcme, first);
  EXPECT_TRUE(keyring_.workspace_key(kAcme) == key);
  EXPECT_TRUE(keyring_.workspace_key_for(kAcme, second) == key);
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(first[0].value, second[0].value);
}

TEST_F(KeyringRows, AbandonedKeysAreMadeAnew) {
  std::vector<WrappedKey> needed;
  const Key dead = keyring_.workspace_key_for(kAcme, needed);
  keyring_.abandon({needed[0].name});
  EXPECT_FALSE(keyring_.workspace_key(kAcme));
  EXPECT_FALSE(keyring_.workspace_key_for(kAcme, needed) == dead);
}

TEST_F(KeyringRows, AKeyThatAnotherRecordCarriesOutlivesADeadOne) {
  std::vector<WrappedKey> dead;
  std::vector<WrappedKey> alive;
  const Key key = keyring_.workspace_key_for(kAcme, dead);
  keyring_.workspace_key_for(kAcme, alive);
  keyring_.abandon({dead[0].name});
  EXPECT_TRUE(keyring_.workspace_key(kAcme) == key);
}

TEST_F(KeyringRows, ASubjectsKeyNeedsItsWorkspaces) {
  std::vector<WrappedKey> needed;
  EXPECT_THROW(keyring_.subject_key_for(kAcme, kJane, needed), std::logic_error);
}

TEST_F(KeyringRows, AbandonedKeysThatWereStoredAfterAllAreFound) {
  std::vector<WrappedKey> needed;
  const Key stored = keyring_.workspace_key_for(kAcme, needed);
  log_.store(needed);
  keyring_.abandon({needed[0].name});
  EXPECT_TRUE(keyring_.workspace_key_for(kAcme, needed) == stored);
  EXPECT_EQ(needed.size(), 1U);
}

TEST_F(KeyringRows, AnotherMasterKeyIsRefusedWithTheRemedy) {
  make(kAcme, kJane);
  Keyring other(log_, key_of('x'));
  try {
    other.workspace_key(kAcme);
    FAIL() << "opened under another master key";
  } catch (const KeyRefused& refused) {
    EXPECT_NE(std::string(refused.what()).find("put back the keys/master.key"), std::string::npos) << refused.what();
  }
}

TEST_F(KeyringRows, SwappedRowsOfSubjectsAreRefused) {
  make(kAcme, kJane);
  make(kAcme, kJoe);
  std::swap(log_.rows[key_row_name(kAcme, kJane)], log_.rows[key_row_name(kAcme, kJoe)]);
  Keyring other(log_, key_of('m'));
  EXPECT_THROW(other.subject_key(kAcme, kJane), KeyRefused);
  EXPECT_THROW(other.subject_key(kAcme, kJoe), KeyRefused);
}

TEST_F(KeyringRows, SwappedRowsOfWorkspacesAreRefused) {
  make(kAcme, kJane);
  make(kGlobex, kJane);
  std::swap(log_.rows[key_row_name(kAcme, {})], log_.rows[key_row_name(kGlobex, {})]);
  Keyring other(log_, key_of('m'));
  EXPECT_THROW(other.workspace_key(kAcme), KeyRefused);
}

TEST_F(KeyringRows, ARowOfAnotherWorkspaceIsRefused) {
  make(kAcme, kJane);
  make(kGlobex, kJane);
  log_.rows[key_row_name(kAcme, kJane)] = log_.rows[key_row_name(kGlobex, kJane)];
  Keyring other(log_, key_of('m'));
  EXPECT_THROW(other.subject_key(kAcme, kJane), KeyRefused);
}

TEST_F(KeyringRows, TheWorkspacesOwnKeyIsNoSubjects) {
  make(kAcme, kJane);
  std::vector<WrappedKey> needed;
  EXPECT_FALSE(keyring_.subject_key(kAcme, {}));
  EXPECT_THROW(keyring_.subject_key_for(kAcme, {}, needed), std::logic_error);
}

TEST_F(KeyringRows, ADestroyedKeyStaysInNoMemory) {
  make(kAcme, kJane);
  make(kAcme, kJoe);
  log_.rows.erase(key_row_name(kAcme, kJane));
  keyring_.forget(kAcme, kJane);
  EXPECT_FALSE(keyring_.subject_key(kAcme, kJane));
  EXPECT_TRUE(keyring_.subject_key(kAcme, kJoe));
}

TEST_F(KeyringRows, ADestroyedWorkspaceTakesItsSubjectsAlong) {
  make(kAcme, kJane);
  make(kGlobex, kJoe);
  log_.rows.erase(key_row_name(kAcme, {}));
  keyring_.forget(kAcme);
  EXPECT_FALSE(keyring_.workspace_key(kAcme));
  EXPECT_FALSE(keyring_.subject_key(kAcme, kJane));
  EXPECT_TRUE(keyring_.subject_key(kGlobex, kJoe));
}

TEST_F(KeyringRows, ASmallCacheStillFindsEveryKey) {
  const Key jane = make(kAcme, kJane);
  const Key joe = make(kAcme, kJoe);
  Keyring small(log_, key_of('m'), {.workspace_keys = 1, .subject_keys = 1});
  EXPECT_TRUE(small.subject_key(kAcme, kJane) == jane);
  EXPECT_TRUE(small.subject_key(kAcme, kJoe) == joe);
  EXPECT_TRUE(small.subject_key(kAcme, kJane) == jane);
}

TEST_F(KeyringRows, ManyThreadsReadTheSameKeys) {
  const Key jane = make(kAcme, kJane);
  const Key joe = make(kAcme, kJoe);
  Keyring shared(log_, key_of('m'), {.workspace_keys = 1, .subject_keys = 1});
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 200; ++i) {
          wrong += shared.subject_key(kAcme, kJane) != jane;
          wrong += shared.subject_key(kAcme, kJoe) != joe;
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
}

TEST(KeyCache, LosesTheKeyThatWasLeastUsed) {
  KeyCache cache(2);
  cache.put({kAcme, kJane}, key_of('a'));
  cache.put({kAcme, kJoe}, key_of('b'));
  cache.find({kAcme, kJane});
  cache.put({kGlobex, kJoe}, key_of('c'));
  EXPECT_EQ(cache.size(), 2U);
  EXPECT_TRUE(cache.find({kAcme, kJane}));
  EXPECT_FALSE(cache.find({kAcme, kJoe}));
}

TEST(KeyRowName, SaysWhoseKeyItIs) {
  const auto name = read_key_row_name(key_row_name(kAcme, uuid(10)));
  ASSERT_TRUE(name);
  EXPECT_EQ(*name, (KeyName{kAcme, uuid(10)}));
  EXPECT_FALSE(read_key_row_name("no name"));
}

}  // namespace
}  // namespace daybook::eventstore
