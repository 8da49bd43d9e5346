#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace daybook::model {

/// What the protos say, as flat tables, read once from the descriptors and their options (proto/daybook/options.proto).
/// Immutable after construction, so every thread may read it.

/// How a value is kept on the wire and written outside.
enum class FieldType : std::uint8_t {
  kText,      // string
  kInteger,   // int32, int64, uint32
  kBoolean,   // bool
  kOption,    // enum: the name of its value, lower case, without the enum's prefix
  kId,        // bytes(16)
  kTime,      // int64 microseconds
  kDate,      // string YYYY-MM-DD
  kEmail,     // string
  kMoney,     // int64 minor units, currency beside it
  kCurrency,  // string
  kIp,        // string
  kSlug,      // string
  kTimezone,  // string
  kUrl,       // string
  kBinary,    // bytes
  kMessage,   // a message of its own: an object in JSON
};

enum class SetBy : std::uint8_t { kAnyone, kCreate, kUpdate, kOwnCommand, kFold };
enum class OnDelete : std::uint8_t { kNone, kCascade, kSetNull, kKeep, kRestrict };

struct Message;

struct Field {
  std::uint32_t number = 0;
  std::string name;
  FieldType type = FieldType::kText;
  bool repeated = false;

  bool personal = false;
  bool secret = false;
  bool required = false;
  bool facet = false;
  bool packed = false;
  bool sort = false;
  bool word = false;
  bool is_inline = false;
  bool internal = false;
  bool presence = false;
  SetBy set_by = SetBy::kAnyone;
  std::string unique;  // key space; empty: not unique
  std::optional<std::int64_t> min;
  std::optional<std::int64_t> max;  // code points of a text, value of a number
  std::uint32_t refers_to = 0;      // number of a kind; 0: no reference
  OnDelete on_delete = OnDelete::kNone;
  std::vector<std::string> options;  // of an enum, by number; empty where a number is not used
  const Message* message = nullptr;  // of kMessage

  /// Kept as bytes on the wire (all but integers, booleans, options, times and money).
  bool is_bytes() const;
};

/// One Protobuf message: its fields by number (below 64) and by name.
struct Message {
  std::string name;                         // full Protobuf name
  std::vector<Field> fields;                // ascending numbers
  std::array<std::int8_t, 64> by_number{};  // index into fields, or -1
  std::array<std::int8_t, 128> by_name{};   // the same plus one, by hash of the name with linear probing; 0: none

  const Field* field(std::uint32_t number) const;
  const Field* field(std::string_view field_name) const;
};

/// An entity.
struct Kind {
  std::uint32_t number = 0;
  std::string name;           // contact
  std::string plural;         // contacts
  std::string created_event;  // contact.created
  std::string updated_event;
  std::string deleted_event;
  std::string restored_event;
  std::string hidden_event;  // names that did not fit into deleted, restored or merged
  std::string unlinked_event;
  std::string shown_event;
  std::string relinked_event;
  bool generic_routes = false;
  bool counted = false;  // decisions see how many live records there are
  const Message* message = nullptr;
};

/// A field of some kind that refers to a record of another.
struct Referrer {
  const Kind* kind = nullptr;
  const Field* field = nullptr;
};

/// A business event with a message of its own.
struct EventMessage {
  std::string name;  // deal.won
  const Message* message = nullptr;
};

class Schema {
 public:
  /// Reads daybook.v1.Contract and every message of daybook.v1. Throws std::logic_error naming the field on a
  /// definition that the rest could not carry: a map, a field without presence, a number above 63, a reference without
  /// on_delete.
  Schema();

  const std::vector<Kind>& kinds() const { return kinds_; }
  const Kind* kind(std::uint32_t number) const;
  const Kind* kind(std::string_view name) const;
  const Kind* kind_of_plural(std::string_view plural) const;
  const Kind* kind_of_message(std::string_view full_name) const;
  /// Every field, of any kind, that refers to records of `kind_number`.
  const std::vector<Referrer>& referrers(std::uint32_t kind_number) const;
  const std::vector<EventMessage>& event_messages() const { return event_messages_; }
  /// By full name, such as daybook.v1.CreateContact; nullptr if there is none.
  const Message* message(std::string_view full_name) const;
  /// Hash over all definitions: stored with rows that were derived from them.
  std::uint64_t fingerprint() const { return fingerprint_; }

 private:
  friend class SchemaReader;

  std::vector<Kind> kinds_;
  std::vector<EventMessage> event_messages_;
  std::unordered_map<std::string, std::unique_ptr<Message>> messages_;
  std::unordered_map<std::uint32_t, std::vector<Referrer>> referrers_;
  std::uint64_t fingerprint_ = 0;
};

/// The one schema of this binary, built on first use.
const Schema& schema();

}  // namespace daybook::model
