#include "eventstore/codec.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "daybook/log/record.pb.h"
#include "eventstore/fence.h"
#include "model/record.h"
#include "tests/eventstore/codec_fixture.h"

namespace daybook::eventstore {
namespace {

const model::Uuid kCreate = uuid(20);
const model::Uuid kUpdate = uuid(21);

CommitRecord commit_in(const std::string& record) { return std::get<CommitRecord>(read_record(record).value()); }

// Of daybook.v1.DealStageChanged: 1 stage (plain), 6 lost_reason (personal).
domain::Event deal_lost_reason() {
  std::string data;
  model::append_bytes_field(data, 1, "CANARY-stage");
  model::append_bytes_field(data, 6, "CANARY-reason");
  return {"deal.stage_changed", 8, uuid(11), data, {}, uuid(10)};
}

TEST(Codec, OpensWhatItSealed) {
  Vault vault;
  Commit commit = commit_of(kCreate, {jane_created(), deal_lost_reason()});
  commit.events[0].cleared = {3, 17, 63};
  const SealedCommit sealed = vault.seal(commit, {12, sha256({"before"})});
  commit.first_position = 12;
  EXPECT_EQ(VaultReader(vault.log).open(sealed.append.record), commit);
}

TEST(Codec, OpensACommitOfNothingButItsAnswer) {
  Vault vault;
  Commit commit;
  commit.workspace = kAcme;
  commit.command = kCreate;
  const SealedCommit sealed = vault.seal(commit);
  commit.first_position = 1;
  EXPECT_EQ(VaultReader(vault.log).open(sealed.append.record), commit);
  EXPECT_EQ(sealed.after.next_position, 1U);
}

TEST(Codec, OpensIdempotencyOfANilScope) {
  Vault vault;
  Commit commit = commit_of(kCreate, {});
  commit.idempotency = Idempotency{{}, "", ""};
  const auto opened = VaultReader(vault.log).open(vault.seal(commit).append.record);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->idempotency, commit.idempotency);
}

TEST(Codec, OpensBytesThatAreNoUtf8) {
  Vault vault;
  Commit commit = commit_of(kCreate, {});
  commit.request_id = "\xFF\xC0";
  const auto opened = VaultReader(vault.log).open(vault.seal(commit).append.record);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->request_id, "\xFF\xC0");
}

TEST(Codec, ChainsCommits) {
  Vault vault;
  const SealedCommit first = vault.seal(commit_of(kCreate, {jane_created(), deal_lost_reason()}));
  const SealedCommit second = vault.seal(commit_of(kUpdate, {deal_lost_reason()}), first.after, {7, 2});
  const CommitRecord record = commit_in(second.append.record);
  const CommitHeader header = read_header(record.header).value();
  EXPECT_EQ(header.first_position, 3U);
  EXPECT_TRUE(check(header, first.after));
  EXPECT_EQ(head_after(header, record.header, record.sealed_body), second.after);
  EXPECT_EQ(record.fence, (Fence{7, 2}));
}

TEST(Codec, ProtobufReadsTheSameRecord) {
  Vault vault;
  const SealedCommit sealed = vault.seal(commit_of(kCreate, {jane_created()}), {12, sha256({"before"})});
  log::Record record;
  ASSERT_TRUE(record.ParseFromString(sealed.append.record));
  EXPECT_EQ(record.SerializeAsString(), sealed.append.record);
  log::CommitHeader header;
  ASSERT_TRUE(header.ParseFromString(record.commit().header()));
  EXPECT_EQ(header.SerializeAsString(), record.commit().header());
  EXPECT_EQ(header.workspace(), kAcme.value.view());
  EXPECT_EQ(header.first_position(), 12U);
  EXPECT_EQ(header.previous_hash(), view(sha256({"before"})));
}

TEST(Codec, ProtobufReadsTheSameBody) {
  Vault vault;
  domain::Event event = deal_lost_reason();
  event.cleared = {2, 300};
  const SealedCommit sealed = vault.seal(commit_of(kCreate, {event}));
  const CommitRecord record = commit_in(sealed.append.record);
  const Key body_key = derive_key(*vault.keyring.workspace_key(kAcme), "daybook.body.v1", kCreate);
  log::Body body;
  ASSERT_TRUE(body.ParseFromString(
      open(body_key, record.sealed_body, std::string("daybook.body.v1").append(record.header)).value()));
  EXPECT_EQ(body.result().status(), 201U);
  EXPECT_EQ(body.actor().kind(), v1::Actor::KIND_API_KEY);
  EXPECT_EQ(body.events(0).name(), "deal.stage_changed");
  EXPECT_EQ(body.events(0).cleared(1), 300U);
  EXPECT_EQ(body.events(0).subject(), uuid(10).view());
  EXPECT_EQ(model::get_bytes(body.events(0).plain(), 1), "CANARY-stage");
  EXPECT_EQ(model::get_bytes(body.events(0).plain(), 6), std::nullopt);
}

TEST(Codec, ShowsNoTextInTheRecordOrItsKeys) {
  Vault vault;
  const SealedCommit sealed = vault.seal(commit_of(kCreate, {jane_created(), deal_lost_reason()}));
  std::string bytes = sealed.append.record;
  for (const auto& [name, value] : vault.log.rows) bytes += name + value;
  for (const char* text : {"CANARY", "Jane", "example.com", "contact.created", "POST", "kkkk", "rrrr", "00-4bf9"}) {
    EXPECT_EQ(bytes.find(text), std::string::npos) << text;
  }
}

TEST(Codec, ShowsNoPersonalTextInTheOpenBody) {
  Vault vault;
  const SealedCommit sealed = vault.seal(commit_of(kCreate, {jane_created()}));
  const CommitRecord record = commit_in(sealed.append.record);
  const Key body_key = derive_key(*vault.keyring.workspace_key(kAcme), "daybook.body.v1", kCreate);
  const std::string body =
      open(body_key, record.sealed_body, std::string("daybook.body.v1").append(record.header)).value();
  EXPECT_NE(body.find("CANARY-lead"), std::string::npos);
  EXPECT_EQ(body.find("CANARY-Jane"), std::string::npos);
  EXPECT_EQ(body.find("jane@example.com"), std::string::npos);
}

TEST(Codec, ADestroyedSubjectLeavesThePlainHalf) {
  Vault vault;
  const SealedCommit sealed = vault.seal(commit_of(kCreate, {jane_created(uuid(10)), jane_created(uuid(12))}));
  vault.log.rows.erase(key_row_name(kAcme, uuid(10)));
  const auto opened = VaultReader(vault.log).open(sealed.append.record);
  ASSERT_TRUE(opened);
  std::string plain;
  model::append_bytes_field(plain, 9, "CANARY-lead");
  EXPECT_EQ(opened->events[0].data, plain);
  EXPECT_EQ(opened->events[1].data, jane());
}

TEST(Codec, ADestroyedWorkspaceIsNoDamage) {
  Vault vault;
  const SealedCommit sealed = vault.seal(commit_of(kCreate, {jane_created()}));
  vault.log.rows.clear();
  const auto opened = VaultReader(vault.log).open(sealed.append.record);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().reason, HistoryDamage::Reason::kNoWorkspaceKey);
}

TEST(Codec, EventsWithoutPersonalTextNeedNoKey) {
  Vault vault;
  const domain::Event revoked{"api_key.revoked", 3, uuid(30), "", {}, {}};
  const SealedCommit sealed = vault.codec.seal(commit_of(kCreate, {revoked}), {}, {7, 1});
  ASSERT_EQ(sealed.append.keys.size(), 1U);
  EXPECT_EQ(sealed.append.keys[0].name, key_row_name(kAcme, {}));
}

TEST(Codec, OneSubjectsKeyIsNeededOnce) {
  Vault vault;
  const SealedCommit sealed = vault.codec.seal(commit_of(kCreate, {jane_created(), jane_created()}), {}, {7, 1});
  EXPECT_EQ(sealed.append.keys.size(), 2U);
}

TEST(Codec, AnEventWithoutSubjectIsItsOwn) {
  Vault vault;
  domain::Event event = jane_created();
  event.subject = {};
  const auto opened = VaultReader(vault.log).open(vault.seal(commit_of(kCreate, {event})).append.record);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->events[0].subject, event.id);
  EXPECT_EQ(opened->events[0].data, jane());
}

TEST(Codec, SealsEveryEventOfTheSchema) {
  Vault vault;
  for (const model::Kind& kind : model::schema().kinds()) {
    for (const std::string& name : {kind.created_event, kind.updated_event, kind.deleted_event, kind.restored_event}) {
      const domain::Event event{name, kind.number, uuid(40), "", {}, uuid(40)};
      EXPECT_NO_THROW(vault.codec.seal(commit_of(kCreate, {event}), {}, {7, 1})) << name;
    }
  }
  for (const model::EventMessage& message : model::schema().event_messages()) {
    const domain::Event event{message.name, 1, uuid(40), "", {}, uuid(40)};
    EXPECT_NO_THROW(vault.codec.seal(commit_of(kCreate, {event}), {}, {7, 1})) << message.name;
  }
}

TEST(Codec, RefusesAnEventThatTheSchemaLacks) {
  Vault vault;
  const domain::Event unknown{"contact.teleported", 4, uuid(10), "", {}, uuid(10)};
  EXPECT_THROW(vault.codec.seal(commit_of(kCreate, {unknown}), {}, {7, 1}), std::logic_error);
}

TEST(Codec, RefusesARecordAboveTheLimit) {
  Vault vault;
  Commit commit = commit_of(kCreate, {});
  commit.answer.extra = std::string(kMaxRecordBytes, 'x');
  EXPECT_THROW(vault.codec.seal(commit, {}, {7, 1}), std::length_error);
  EXPECT_FALSE(vault.keyring.workspace_key(kAcme)) << "no record carries the key that was made for it";
}

TEST(Codec, EventIdsAreStableUuidsOfVersion8) {
  // From Python's hashlib, bits of RFC 9562 §5.8 set by hand.
  EXPECT_EQ(event_id(kAcme, uuid(5), 3).text(), "0d858258-36d6-87ec-9b18-e807edec55ba");
  EXPECT_NE(event_id(kAcme, uuid(5), 3), event_id(kAcme, uuid(5), 4));
  EXPECT_NE(event_id(kAcme, uuid(5), 3), event_id(kGlobex, uuid(5), 3));
}

// What a reader does with a record of the log: decode, fence, chain, open. True if it takes the commit as it was.
bool taken(VaultReader& reader, const std::string& bytes, const ChainHead& head, const FencePosition& fence) {
  const auto record = read_record(bytes);
  if (!record || !std::holds_alternative<CommitRecord>(*record)) return false;
  if (FenceRule(fence).accept(100, *record) != Ruling::kEffective) return false;
  const CommitRecord& commit = std::get<CommitRecord>(*record);
  const auto header = read_header(commit.header);
  return header && check(*header, head) && reader.codec.open(commit.header, commit.sealed_body).has_value();
}

TEST(Tampering, AnyFlippedBitIsFound) {
  Vault vault;
  const SealedCommit sealed = vault.seal(commit_of(kCreate, {jane_created()}));
  VaultReader reader(vault.log);
  const std::string& record = sealed.append.record;
  ASSERT_TRUE(taken(reader, record, {}, {7, 0}));
  for (std::size_t bit = 0; bit < 8 * record.size(); ++bit) {
    std::string changed = record;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(taken(reader, changed, {}, {7, 0})) << "bit " << bit;
  }
}

TEST(Tampering, AnyMissingOrAddedEndIsFound) {
  Vault vault;
  const SealedCommit sealed = vault.seal(commit_of(kCreate, {jane_created()}));
  VaultReader reader(vault.log);
  const std::string& record = sealed.append.record;
  for (std::size_t size = 0; size < record.size(); ++size) {
    EXPECT_FALSE(taken(reader, record.substr(0, size), {}, {7, 0})) << size;
  }
  EXPECT_FALSE(taken(reader, record + '\0', {}, {7, 0}));
  EXPECT_FALSE(taken(reader, record + record, {}, {7, 0}));
}

TEST(Tampering, AnyFlippedBitOfAKeyIsFound) {
  Vault vault;
  const SealedCommit sealed = vault.seal(commit_of(kCreate, {jane_created()}));
  for (auto& [name, value] : vault.log.rows) {
    for (std::size_t bit = 0; bit < 8 * value.size(); bit += 5) {
      const std::string before = value;
      value[bit / 8] = static_cast<char>(value[bit / 8] ^ (1 << (bit % 8)));
      EXPECT_FALSE(VaultReader(vault.log).open(sealed.append.record)) << "bit " << bit;
      value = before;
    }
  }
}

struct TamperingWithTwo : testing::Test {
  Vault vault;
  SealedCommit first = vault.seal(commit_of(kCreate, {jane_created()}));
  SealedCommit second = vault.seal(commit_of(kUpdate, {jane_created(uuid(12))}), first.after, {7, 2});
  CommitRecord a = commit_in(first.append.record);
  CommitRecord b = commit_in(second.append.record);
  VaultReader reader{vault.log};
};

TEST_F(TamperingWithTwo, SwappedBodiesAreFound) {
  const auto opened = reader.codec.open(a.header, b.sealed_body);
  ASSERT_FALSE(opened);
  EXPECT_EQ(
      opened.error().text(),
      "workspace 0193d1f0-0000-7000-8000-000000000001, position 1: the sealed body does not open: its bytes or the "
      "header's were changed");
  EXPECT_FALSE(reader.codec.open(b.header, a.sealed_body));
}

TEST_F(TamperingWithTwo, ARemovedCommitIsFoundWithoutKeys) { EXPECT_FALSE(check(*read_header(b.header), {})); }

TEST_F(TamperingWithTwo, ARepeatedCommitIsFoundWithoutKeys) {
  EXPECT_FALSE(check(*read_header(a.header), first.after));
}

TEST_F(TamperingWithTwo, AChangedBodyIsFoundByTheNextCommitWithoutKeys) {
  std::string changed(a.sealed_body);
  changed[50] = static_cast<char>(changed[50] ^ 1);
  EXPECT_FALSE(check(*read_header(b.header), head_after(*read_header(a.header), a.header, changed)));
}

TEST_F(TamperingWithTwo, SwappedKeysOfSubjectsAreFound) {
  std::swap(vault.log.rows[key_row_name(kAcme, uuid(10))], vault.log.rows[key_row_name(kAcme, uuid(12))]);
  const auto opened = VaultReader(vault.log).open(second.append.record);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().position, 2U);
  EXPECT_EQ(opened.error().workspace, kAcme);
}

TEST_F(TamperingWithTwo, AnotherMasterKeyIsFound) {
  EXPECT_FALSE(VaultReader(vault.log, key_of('x')).open(first.append.record));
}

TEST_F(TamperingWithTwo, AnotherWorkspaceIsFound) {
  vault.seal([] {
    Commit commit = commit_of(kCreate, {});
    commit.workspace = kGlobex;
    return commit;
  }());
  CommitHeader header = *read_header(a.header);
  header.workspace = kGlobex;
  EXPECT_FALSE(VaultReader(vault.log).codec.open(write_header(header), a.sealed_body));
}

TEST(Codec, APersonalHalfOpensInItsOwnPlaceOnly) {
  const EventPlace place{kAcme, kCreate};
  EXPECT_NE(place.associated_data(0, "contact.created"), place.associated_data(1, "contact.created"));
  EXPECT_NE(place.associated_data(0, "contact.created"), place.associated_data(0, "contact.updated"));
  EXPECT_NE(place.associated_data(0, "x"), (EventPlace{kGlobex, kCreate}.associated_data(0, "x")));
  EXPECT_NE(place.associated_data(0, "x"), (EventPlace{kAcme, kUpdate}.associated_data(0, "x")));
  EXPECT_NE(place.associated_data(0, "x"), (EventPlace{kAcme, kCreate, 0}.associated_data(0, "x")));
}

struct CodecParts : testing::Test {
  Vault vault;
  Key part_key = Key::random();
  std::vector<domain::Event> events{jane_created(), jane_created(uuid(12))};
  SealedPart first = vault.codec.seal_part(kAcme, kCreate, 0, events, part_key, {7, 1});
  SealedPart second = vault.codec.seal_part(kAcme, kCreate, 1, events, part_key, {7, 2});
  PartRecord a = std::get<PartRecord>(read_record(first.append.record).value());
  PartRecord b = std::get<PartRecord>(read_record(second.append.record).value());
};

TEST_F(CodecParts, OpenUnderTheKeyInTheirCommit) {
  Commit commit = commit_of(kCreate, {deal_lost_reason()});
  commit.part_count = 2;
  commit.part_key = part_key.view();
  commit.part_event_count = 4;
  commit.parts_hash = parts_hash(std::array{first.hash, second.hash});
  const SealedCommit sealed = vault.seal(commit, {}, {7, 3});
  commit.first_position = 1;
  vault.log.store(first.append.keys);
  EXPECT_EQ(sealed.after.next_position, 6U);
  VaultReader reader(vault.log);
  const auto opened = reader.open(sealed.append.record);
  ASSERT_EQ(opened, commit);
  EXPECT_EQ(opened->parts_hash, parts_hash(std::array{part_hash(a), part_hash(b)}));
  EXPECT_EQ(reader.codec.open_part(b, opened->part_key, 1), events);
}

TEST_F(CodecParts, CarryTheKeysOfTheirSubjects) {
  EXPECT_EQ(first.append.keys.size(), 3U);
  EXPECT_EQ(second.append.keys.size(), 3U) << "pending until the first part is known to be stored";
}

TEST_F(CodecParts, AreUnreadableWithoutTheirCommit) {
  EXPECT_FALSE(vault.codec.open_part(a, Key::random().view(), 1));
  EXPECT_FALSE(vault.codec.open_part(a, "", 1));
  EXPECT_EQ(first.append.record.find("CANARY"), std::string::npos);
  EXPECT_EQ(first.append.record.find("contact.created"), std::string::npos);
}

TEST_F(CodecParts, SwappedOnesAreFound) {
  std::swap(a.sealed_body, b.sealed_body);
  const auto opened = vault.codec.open_part(a, part_key.view(), 9);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().position, 9U);
}

TEST_F(CodecParts, ReadAndWriteTheSameBytes) {
  EXPECT_EQ(write_record(a), first.append.record);
  log::Record record;
  ASSERT_TRUE(record.ParseFromString(second.append.record));
  EXPECT_EQ(record.SerializeAsString(), second.append.record);
}

TEST_F(CodecParts, ACommitNeedsTheirHashAndKey) {
  Commit commit = commit_of(kCreate, {});
  commit.part_count = 2;
  EXPECT_THROW(vault.codec.seal(commit, {}, {7, 3}), std::logic_error);
}

}  // namespace
}  // namespace daybook::eventstore
