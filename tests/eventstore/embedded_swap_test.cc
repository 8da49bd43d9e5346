#include <gmock/gmock.h>
#include <rocksdb/db.h>

#include <memory>

#include "eventstore/embedded/record_value.h"
#include "tests/eventstore/codec_fixture.h"
#include "tests/eventstore/embedded_scene.h"

namespace daybook::eventstore::testing {
namespace {

using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;

// The log's own database, opened beside it by somebody who can write to the disk.
class Intruder {
 public:
  explicit Intruder(const EmbeddedScene& scene) {
    rocksdb::DBOptions options;
    rocksdb::DB* db = nullptr;
    const auto status =
        rocksdb::DB::Open(options, scene.log_directory(),
                          {{rocksdb::kDefaultColumnFamilyName, {}}, {"records", {}}, {"keys", {}}}, &families_, &db);
    if (!status.ok()) throw std::runtime_error(status.ToString());
    db_.reset(db);
  }
  ~Intruder() {
    for (rocksdb::ColumnFamilyHandle* family : families_) static_cast<void>(db_->DestroyColumnFamilyHandle(family));
  }
  Intruder(const Intruder&) = delete;
  Intruder& operator=(const Intruder&) = delete;

  enum Family { kRecords = 1, kKeys = 2 };

  std::string read(Family family, const std::string& name) {
    std::string value;
    if (!db_->Get({}, families_[family], name, &value).ok()) throw std::runtime_error("no row " + name);
    return value;
  }
  // The value of each row goes to the other; `careful` makes the checksums right for where they stand now.
  void swap(Family family, const std::string& one, const std::string& other, bool careful) {
    const std::string first = read(family, one);
    const std::string second = read(family, other);
    write(family, one, careful ? checked_value(one, bytes_of(other, second).value()) : second);
    write(family, other, careful ? checked_value(other, bytes_of(one, first).value()) : first);
  }
  void write(Family family, const std::string& name, const std::string& value) {
    if (!db_->Put({}, families_[family], name, value).ok()) throw std::runtime_error("cannot write " + name);
  }

 private:
  std::vector<rocksdb::ColumnFamilyHandle*> families_;
  std::unique_ptr<rocksdb::DB> db_;
};

// Jane and Joe, each created by a commit of their own, in a log on the disk that is closed.
struct EmbeddedSwap : ::testing::Test {
  EmbeddedSwap() {
    EmbeddedLog log(scene.options());
    Keyring keyring(log, key_of('m'));
    CommitCodec codec(keyring);
    ChainHead head;
    for (const auto& [command, contact] : {std::pair{uuid(20), jane_id}, std::pair{uuid(21), joe_id}}) {
      SealedCommit sealed = codec.seal(commit_of(command, {jane_created(contact)}), head, {7, 1});
      head = sealed.after;
      std::vector<std::string> names;
      for (const WrappedKey& key : sealed.append.keys) names.push_back(key.name);
      append(log, std::move(sealed.append.record), std::move(sealed.append.keys));
      keyring.settle(names);
    }
    append(log, "something behind them, for the mark");
  }

  const model::Uuid jane_id = uuid(10);
  const model::Uuid joe_id = uuid(11);
  EmbeddedScene scene;
};

// The commit at an offset, or why it cannot be read.
std::expected<Commit, HistoryDamage> commit_at(EmbeddedLog& log, std::uint64_t offset) {
  Keyring keyring(log, key_of('m'));
  CommitCodec codec(keyring);
  const auto stored = log.read(0, offset)->next(std::chrono::milliseconds(0));
  const auto record = std::get<CommitRecord>(read_record(stored.value().bytes).value());
  return codec.open(record.header, record.sealed_body);
}

std::string why_not(const std::expected<Commit, HistoryDamage>& opened) {
  return opened ? "it opened" : opened.error().text();
}

std::string with_body_of(const std::string& record, const std::string& other) {
  const auto kept = std::get<CommitRecord>(read_record(record).value());
  const auto taken = std::get<CommitRecord>(read_record(other).value());
  return write_record(CommitRecord{kept.fence, kept.header, taken.sealed_body});
}

TEST_F(EmbeddedSwap, UntouchedCommitsOpen) {
  EmbeddedLog log(scene.options());
  EXPECT_TRUE(commit_at(log, 0));
  EXPECT_TRUE(commit_at(log, 1));
}

TEST_F(EmbeddedSwap, RecordsInEachOthersPlaceAreRefused) {
  Intruder(scene).swap(Intruder::kRecords, record_key(0), record_key(1), false);
  EXPECT_THROW(EmbeddedLog log(scene.options()), LogDamaged);
}

TEST_F(EmbeddedSwap, RecordsMovedWithRightChecksumsDoNotFitTheChain) {
  Intruder(scene).swap(Intruder::kRecords, record_key(0), record_key(1), true);
  EmbeddedLog log(scene.options());
  const auto stored = log.read(0, 0)->next(std::chrono::milliseconds(0));
  const auto record = std::get<CommitRecord>(read_record(stored.value().bytes).value());
  EXPECT_FALSE(check(read_header(record.header).value(), ChainHead{}));
}

TEST_F(EmbeddedSwap, BodiesInEachOthersPlaceDoNotOpen) {
  {
    Intruder intruder(scene);
    const std::string jane = intruder.read(Intruder::kRecords, record_key(0));
    const std::string joe = intruder.read(Intruder::kRecords, record_key(1));
    const std::string jane_bytes(bytes_of(record_key(0), jane).value());
    const std::string joe_bytes(bytes_of(record_key(1), joe).value());
    intruder.write(Intruder::kRecords, record_key(0),
                   checked_value(record_key(0), with_body_of(jane_bytes, joe_bytes)));
    intruder.write(Intruder::kRecords, record_key(1),
                   checked_value(record_key(1), with_body_of(joe_bytes, jane_bytes)));
  }
  EmbeddedLog log(scene.options());
  EXPECT_THAT(why_not(commit_at(log, 0)), HasSubstr("position 1"));
  EXPECT_THAT(why_not(commit_at(log, 1)), HasSubstr("position 2"));
}

TEST_F(EmbeddedSwap, KeysInEachOthersPlaceAreRefused) {
  Intruder(scene).swap(Intruder::kKeys, key_row_name(kAcme, jane_id), key_row_name(kAcme, joe_id), false);
  EmbeddedLog log(scene.options());
  EXPECT_THROW(commit_at(log, 0), LogDamaged);
  EXPECT_THAT(log.scrub().damages, Contains(Field(&Damage::detail, HasSubstr("wrapped key"))));
}

TEST_F(EmbeddedSwap, KeysMovedWithRightChecksumsAreRefused) {
  Intruder(scene).swap(Intruder::kKeys, key_row_name(kAcme, jane_id), key_row_name(kAcme, joe_id), true);
  EmbeddedLog log(scene.options());
  EXPECT_THAT(why_not(commit_at(log, 0)), HasSubstr(jane_id.text()));
  EXPECT_THAT(why_not(commit_at(log, 1)), HasSubstr(joe_id.text()));
}

}  // namespace
}  // namespace daybook::eventstore::testing
