#include "model/schema.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <stdexcept>

#include "daybook/options.pb.h"
#include "daybook/v1/contract.pb.h"

namespace daybook::model {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

FieldType type_of(const FieldDescriptor& field, option::Format format) {
  switch (format) {
    case option::FORMAT_ID:
      return FieldType::kId;
    case option::FORMAT_TIME:
      return FieldType::kTime;
    case option::FORMAT_DATE:
      return FieldType::kDate;
    case option::FORMAT_EMAIL:
      return FieldType::kEmail;
    case option::FORMAT_MONEY:
      return FieldType::kMoney;
    case option::FORMAT_CURRENCY:
      return FieldType::kCurrency;
    case option::FORMAT_IP:
      return FieldType::kIp;
    case option::FORMAT_SLUG:
      return FieldType::kSlug;
    case option::FORMAT_BINARY:
      return FieldType::kBinary;
    case option::FORMAT_TIMEZONE:
      return FieldType::kTimezone;
    case option::FORMAT_URL:
      return FieldType::kUrl;
    default:
      break;
  }
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return field.type() == FieldDescriptor::TYPE_BYTES ? FieldType::kBinary : FieldType::kText;
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT32:
      return FieldType::kInteger;
    case FieldDescriptor::CPPTYPE_BOOL:
      return FieldType::kBoolean;
    case FieldDescriptor::CPPTYPE_ENUM:
      return FieldType::kOption;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return FieldType::kMessage;
    default:
      throw std::logic_error(field.full_name() + ": this Protobuf type has no form outside; use another");
  }
}

SetBy set_by_of(option::SetBy set_by) {
  switch (set_by) {
    case option::SET_BY_CREATE:
      return SetBy::kCreate;
    case option::SET_BY_UPDATE:
      return SetBy::kUpdate;
    case option::SET_BY_OWN_COMMAND:
      return SetBy::kOwnCommand;
    case option::SET_BY_FOLD:
      return SetBy::kFold;
    default:
      return SetBy::kAnyone;
  }
}

OnDelete on_delete_of(option::OnDelete on_delete) {
  switch (on_delete) {
    case option::ON_DELETE_CASCADE:
      return OnDelete::kCascade;
    case option::ON_DELETE_SET_NULL:
      return OnDelete::kSetNull;
    case option::ON_DELETE_KEEP:
      return OnDelete::kKeep;
    case option::ON_DELETE_RESTRICT:
      return OnDelete::kRestrict;
    default:
      return OnDelete::kNone;
  }
}

// CONTACT_TYPE_CUSTOMER of enum ContactType → customer: the longest prefix that all values share up to an underscore.
std::vector<std::string> option_names(const google::protobuf::EnumDescriptor& type) {
  const std::string zero = type.value(0)->name();
  const std::string suffix = "UNSPECIFIED";
  if (!zero.ends_with(suffix)) throw std::logic_error(type.full_name() + ": value 0 must end in UNSPECIFIED");
  const std::size_t prefix = zero.size() - suffix.size();
  std::vector<std::string> names;
  for (int i = 1; i < type.value_count(); ++i) {
    const auto number = static_cast<std::size_t>(type.value(i)->number());
    if (names.size() <= number) names.resize(number + 1);
    std::string name = type.value(i)->name().substr(prefix);
    std::transform(name.begin(), name.end(), name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
    names[number] = std::move(name);
  }
  return names;
}

// Cheap and good enough to tell the names of one message apart.
std::size_t name_hash(std::string_view name) {
  const auto at = [&](std::size_t index) { return static_cast<std::size_t>(static_cast<std::uint8_t>(name[index])); };
  return name.empty() ? 0 : name.size() * 7 + at(0) * 31 + at(name.size() / 2) * 11 + at(name.size() - 1) * 5;
}

void index_fields(Message& message) {
  message.by_number.fill(-1);
  message.by_name.fill(0);
  for (std::size_t i = 0; i < message.fields.size(); ++i) {
    std::size_t slot = name_hash(message.fields[i].name) % message.by_name.size();
    while (message.by_name[slot] != 0) slot = (slot + 1) % message.by_name.size();
    message.by_name[slot] = static_cast<std::int8_t>(i + 1);
    message.by_number[message.fields[i].number] = static_cast<std::int8_t>(i);
  }
}

void check(const FieldDescriptor& field) {
  const std::string& name = field.full_name();
  if (field.is_map()) throw std::logic_error(name + ": maps have no stable bytes; use a repeated message");
  if (field.number() > 63) throw std::logic_error(name + ": field numbers stay below 64");
  if (!field.is_repeated() && !field.has_presence()) throw std::logic_error(name + ": must be optional or repeated");
}

}  // namespace

/// Fills a Schema from the descriptors.
class SchemaReader {
 public:
  explicit SchemaReader(Schema& schema) : schema_(schema) {}

  void read() {
    const Descriptor& contract = *v1::Contract::descriptor();
    for (int i = 0; i < contract.field_count(); ++i) read_kind(*contract.field(i));
    for (int i = 0; i < contract.file()->dependency_count(); ++i) {
      const auto& file = *contract.file()->dependency(i);
      for (int m = 0; m < file.message_type_count(); ++m) read_top_level(*file.message_type(m));
    }
    resolve_references();
    for (const auto& [message, kind] : multiplied_) multiply(*message, kind);
  }

 private:
  void multiply(Message& message, const std::string& kind_name) {
    const Kind* kind = schema_.kind(std::string_view(kind_name));
    if (kind == nullptr || message.fields.size() != 1) {
      throw std::logic_error(message.name + ": field_for_each_of names a kind, and the message has one field");
    }
    const Field like = message.fields.front();
    message.fields.clear();
    for (const Field& field : kind->message->fields) {
      if (field.set_by != SetBy::kAnyone || field.type == FieldType::kMessage) continue;
      Field copy = like;
      copy.number = field.number;
      copy.name = field.name;
      message.fields.push_back(std::move(copy));
    }
    index_fields(message);
  }

  void mix(std::string_view text) {
    for (const char c : text) {  // FNV-1a
      schema_.fingerprint_ = (schema_.fingerprint_ ^ static_cast<std::uint8_t>(c)) * 0x100000001b3ULL;
    }
  }

  void read_kind(const FieldDescriptor& field) {
    const option::EntityRules& rules = field.message_type()->options().GetExtension(option::entity);
    if (rules.plural().empty()) throw std::logic_error(field.full_name() + ": the entity has no plural");
    Kind kind;
    kind.number = static_cast<std::uint32_t>(field.number());
    kind.name = field.name();
    kind.plural = rules.plural();
    kind.created_event = kind.name + "." + (rules.created().empty() ? "created" : rules.created());
    kind.updated_event = kind.name + "." + (rules.updated().empty() ? "updated" : rules.updated());
    kind.deleted_event = kind.name + ".deleted";
    kind.restored_event = kind.name + ".restored";
    kind.hidden_event = kind.name + ".hidden";
    kind.unlinked_event = kind.name + ".unlinked";
    kind.shown_event = kind.name + ".shown";
    kind.relinked_event = kind.name + ".relinked";
    kind.generic_routes = rules.generic_routes();
    kind.counted = rules.counted();
    kind.message = read_message(*field.message_type());
    schema_.kinds_.push_back(std::move(kind));
  }

  void read_top_level(const Descriptor& type) {
    const Message* message = read_message(type);
    const std::string& event = type.options().GetExtension(option::event_name);
    if (!event.empty()) schema_.event_messages_.push_back({event, message});
  }

  const Message* read_message(const Descriptor& type) {
    auto& slot = schema_.messages_[type.full_name()];
    if (slot) return slot.get();
    slot = std::make_unique<Message>();
    Message* const message = slot.get();
    message->name = type.full_name();
    mix(type.DebugString());
    std::vector<const FieldDescriptor*> fields;
    for (int i = 0; i < type.field_count(); ++i) fields.push_back(type.field(i));
    std::sort(fields.begin(), fields.end(), [](auto* a, auto* b) { return a->number() < b->number(); });
    for (const FieldDescriptor* field : fields) message->fields.push_back(read_field(*field));
    index_fields(*message);
    const std::string& each_of = type.options().GetExtension(option::field_for_each_of);
    if (!each_of.empty()) multiplied_.emplace_back(message, each_of);
    return message;
  }

  Field read_field(const FieldDescriptor& descriptor) {
    check(descriptor);
    const option::FieldRules& rules = descriptor.options().GetExtension(option::rules);
    Field field;
    field.number = static_cast<std::uint32_t>(descriptor.number());
    field.name = descriptor.has_json_name() ? descriptor.json_name() : descriptor.name();
    field.type = type_of(descriptor, rules.format());
    field.repeated = descriptor.is_repeated();
    field.personal = rules.personal();
    field.secret = rules.secret();
    field.required = rules.required();
    field.facet = rules.facet();
    field.packed = rules.packed();
    field.sort = rules.sort();
    field.word = rules.word();
    field.is_inline = rules.inline_();
    field.internal = rules.internal();
    field.presence = rules.presence();
    field.set_by = set_by_of(rules.set_by());
    field.unique = rules.unique();
    if (rules.has_min()) field.min = rules.min();
    if (rules.has_max()) field.max = rules.max();
    if (field.type == FieldType::kOption) field.options = option_names(*descriptor.enum_type());
    if (field.type == FieldType::kMessage) field.message = read_message(*descriptor.message_type());
    if (rules.has_refers_to()) {
      field.on_delete = on_delete_of(rules.refers_to().on_delete());
      if (field.on_delete == OnDelete::kNone) {
        throw std::logic_error(descriptor.full_name() + ": say in refers_to what happens on_delete");
      }
      references_.emplace_back(descriptor.full_name(), rules.refers_to().kind());
      field.refers_to = static_cast<std::uint32_t>(references_.size());  // resolved below, once all kinds are known
    }
    return field;
  }

  void resolve_references() {
    for (auto& [name, message] : schema_.messages_) {
      for (Field& field : message->fields) {
        if (field.refers_to == 0) continue;
        const auto& [full_name, kind_name] = references_[field.refers_to - 1];
        const Kind* target = schema_.kind(std::string_view(kind_name));
        if (target == nullptr) throw std::logic_error(full_name + ": refers to the unknown kind " + kind_name);
        field.refers_to = target->number;
      }
    }
    for (const Kind& kind : schema_.kinds_) {
      for (const Field& field : kind.message->fields) {
        if (field.refers_to != 0) schema_.referrers_[field.refers_to].push_back({&kind, &field});
      }
    }
  }

  Schema& schema_;
  std::vector<std::pair<std::string, std::string>> references_;  // full field name, kind name
  std::vector<std::pair<Message*, std::string>> multiplied_;     // kind name
};

bool Field::is_bytes() const {
  switch (type) {
    case FieldType::kInteger:
    case FieldType::kBoolean:
    case FieldType::kOption:
    case FieldType::kTime:
    case FieldType::kMoney:
      return false;
    default:
      return true;
  }
}

const Field* Message::field(std::uint32_t number) const {
  if (number >= by_number.size() || by_number[number] < 0) return nullptr;
  return &fields[static_cast<std::size_t>(by_number[number])];
}

const Field* Message::field(std::string_view field_name) const {
  for (std::size_t slot = name_hash(field_name) % by_name.size(); by_name[slot] != 0;
       slot = (slot + 1) % by_name.size()) {
    const Field& field = fields[static_cast<std::size_t>(by_name[slot]) - 1];
    if (field.name == field_name) return &field;
  }
  return nullptr;
}

Schema::Schema() : fingerprint_(0xcbf29ce484222325ULL) { SchemaReader(*this).read(); }

const Kind* Schema::kind(std::uint32_t number) const {
  for (const Kind& kind : kinds_) {
    if (kind.number == number) return &kind;
  }
  return nullptr;
}

const Kind* Schema::kind(std::string_view name) const {
  for (const Kind& kind : kinds_) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

const Kind* Schema::kind_of_plural(std::string_view plural) const {
  for (const Kind& kind : kinds_) {
    if (kind.plural == plural) return &kind;
  }
  return nullptr;
}

const Kind* Schema::kind_of_message(std::string_view full_name) const {
  for (const Kind& kind : kinds_) {
    if (kind.message->name == full_name) return &kind;
  }
  return nullptr;
}

const std::vector<Referrer>& Schema::referrers(std::uint32_t kind_number) const {
  static const std::vector<Referrer> kNone;
  const auto found = referrers_.find(kind_number);
  return found == referrers_.end() ? kNone : found->second;
}

const Message* Schema::message(std::string_view full_name) const {
  const auto found = messages_.find(std::string(full_name));
  return found == messages_.end() ? nullptr : found->second.get();
}

const Schema& schema() {
  static const Schema kSchema;
  return kSchema;
}

}  // namespace daybook::model
