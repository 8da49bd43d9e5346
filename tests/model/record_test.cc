#include "model/record.h"

#include <gtest/gtest.h>

#include <random>

#include "model/wire.h"

namespace daybook::model {
namespace {

using Random = std::mt19937;

constexpr int kRecords = 500;  // of each message

std::string random_bytes(Random& random) {
  std::string bytes;
  for (std::size_t size = random() % 20; size > 0; --size) bytes += static_cast<char>(random() % 256);
  return bytes;
}

// A record with some of the fields, in order, whatever they hold.
std::string random_record(const Message& message, Random& random) {
  std::string record;
  for (const Field& field : message.fields) {
    const std::size_t most = field.repeated ? 4 : 2;
    for (std::size_t count = random() % most; count > 0; --count) {
      if (field.is_bytes()) {
        append_bytes_field(record, field.number, random_bytes(random));
      } else {
        append_varint_field(record, field.number, random());
      }
    }
  }
  return record;
}

// Every message of which sealing makes two halves: kinds and business events.
std::vector<const Message*> sealed_messages() {
  std::vector<const Message*> messages;
  for (const Kind& kind : schema().kinds()) messages.push_back(kind.message);
  for (const EventMessage& event : schema().event_messages()) messages.push_back(event.message);
  return messages;
}

TEST(Halves, TogetherAreTheRecord) {
  Random random(20260301);
  for (const Message* message : sealed_messages()) {
    SCOPED_TRACE(message->name);
    for (int i = 0; i < kRecords; ++i) {
      const std::string record = random_record(*message, random);
      const Halves halves = split(*message, record);
      ASSERT_EQ(join(halves.plain, halves.personal), record);
      ASSERT_EQ(halves.plain.size() + halves.personal.size(), record.size());
    }
  }
}

TEST(Halves, HoldWhatTheirFieldsSay) {
  Random random(20260302);
  std::size_t fields = 0;
  for (const Message* message : sealed_messages()) {
    for (int i = 0; i < kRecords; ++i) {
      const Halves halves = split(*message, random_record(*message, random));
      for (const auto& [half, personal] : {std::pair(&halves.plain, false), std::pair(&halves.personal, true)}) {
        WireReader reader(*half);
        for (WireField wire; reader.next(wire); ++fields) {
          ASSERT_EQ(message->field(wire.number)->personal, personal) << message->name << "." << wire.number;
        }
        ASSERT_FALSE(reader.damaged());
      }
    }
  }
  EXPECT_GT(fields, 50'000U);
}

// A record is divided at its top level: what stands inside a field goes with it.
void expect_sealed_inside(const Message& message, bool personal) {
  for (const Field& field : message.fields) {
    EXPECT_TRUE(personal || !field.personal) << message.name << "." << field.name << " would stand in the plain half";
    if (field.message != nullptr) expect_sealed_inside(*field.message, personal);
  }
}

TEST(PersonalFields, InsideAnotherStandInAPersonalOne) {
  for (const Message* message : sealed_messages()) {
    for (const Field& field : message->fields) {
      if (field.message != nullptr) expect_sealed_inside(*field.message, field.personal);
    }
  }
}

// Free text may be about anybody. What is not personal is a word of Daybook's own, a key, or one of few; and the domain
// of a company, which is public.
TEST(PersonalFields, AreAllFreeTextsOfContactsAndWhatIsWrittenAboutThem) {
  for (const std::string_view name : {"contact", "tag", "company", "deal", "note", "activity", "project", "ticket"}) {
    for (const Field& field : schema().kind(name)->message->fields) {
      const bool free_text = field.type == FieldType::kText && !field.packed && field.set_by == SetBy::kAnyone;
      if (free_text && field.name != "domain") {
        EXPECT_TRUE(field.personal) << name << "." << field.name;
      }
      if (field.type == FieldType::kEmail || field.type == FieldType::kIp) {
        EXPECT_TRUE(field.personal) << name << "." << field.name;
      }
    }
  }
}

}  // namespace
}  // namespace daybook::model
