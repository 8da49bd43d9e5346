#include "cli/contract_files.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <vector>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <nlohmann/json.hpp>

#include "cli/contract_samples.h"
#include "cli/proto_texts.h"
#include "cli/public_events.h"
#include "daybook/v1/contract.pb.h"
#include "eventstore/codec_events.h"
#include "model/schema.h"

namespace daybook::cli {
namespace {

using nlohmann::ordered_json;

constexpr std::array<std::string_view, 12> kAttributes{"specversion", "id",     "type",        "source",
                                                       "subject",     "time",   "sequence",    "partitionkey",
                                                       "actor",       "origin", "traceparent", "correlationid"};
constexpr std::size_t kAlwaysThere = 8;  // the first of them

bool is_shown(const model::Field& field) { return !field.internal && !field.secret && field.name != "meta"; }

ordered_json object_schema(const model::Message& message);

ordered_json nullable(const char* type) { return {{"type", {type, "null"}}}; }

ordered_json with(ordered_json schema, const char* name, ordered_json value) {
  schema[name] = std::move(value);
  return schema;
}

// Of one value. Options are examples and no enumeration, since later versions may have more.
ordered_json value_schema(const model::Field& field) {
  using Type = model::FieldType;
  switch (field.type) {
    case Type::kInteger:
      return nullable("integer");
    case Type::kBoolean:
      return nullable("boolean");
    case Type::kOption: {
      ordered_json schema = nullable("string");
      for (const std::string& option : field.options) {
        if (!option.empty()) schema["examples"].push_back(option);
      }
      return schema;
    }
    case Type::kId:
      return with(nullable("string"), "format", "uuid");
    case Type::kTime:
      return with(nullable("string"), "format", "date-time");
    case Type::kDate:
      return with(nullable("string"), "format", "date");
    case Type::kMoney:
      return with(nullable("string"), "pattern", "^-?[0-9]+(\\.[0-9]+)?$");
    case Type::kMessage:
      return with(object_schema(*field.message), "type", {"object", "null"});
    default:
      return nullable("string");
  }
}

ordered_json field_schema(const model::Field& field) {
  if (!field.repeated) return value_schema(field);
  return {{"type", "array"}, {"items", value_schema(field)}};
}

ordered_json properties_of(const model::Message& message) {
  ordered_json properties = ordered_json::object();
  for (const model::Field& field : message.fields) {
    if (is_shown(field)) properties[field.name] = field_schema(field);
  }
  return properties;
}

// With the system columns, where it has some, beside its own fields.
ordered_json all_properties_of(const model::Message& message) {
  ordered_json properties = properties_of(message);
  if (const model::Field* meta = message.field("meta")) properties.update(properties_of(*meta->message));
  return properties;
}

ordered_json object_of(ordered_json properties) { return {{"type", "object"}, {"properties", std::move(properties)}}; }

ordered_json object_schema(const model::Message& message) { return object_of(all_properties_of(message)); }

ordered_json tag_names() { return {{"type", "array"}, {"items", {{"type", "string"}}}}; }

// As answers show it.
ordered_json record_schema(const model::Kind& kind) {
  ordered_json properties{{"id", {{"type", "string"}, {"format", "uuid"}}}};
  properties.update(all_properties_of(*kind.message));
  if (kind.name == "contact") properties["tags"] = tag_names();
  return {{"type", {"object", "null"}}, {"properties", std::move(properties)}, {"required", {"id"}}};
}

ordered_json changed_schema(const model::Kind& kind) {
  ordered_json fields = properties_of(*kind.message);
  fields["deleted_at"] = with(nullable("string"), "format", "date-time");
  if (kind.name == "contact") fields["tags"] = tag_names();
  ordered_json properties = ordered_json::object();
  for (const auto& [name, value] : fields.items()) {
    properties[name] = {
        {"type", "object"}, {"properties", {{"before", value}, {"after", value}}}, {"required", {"before", "after"}}};
  }
  return object_of(std::move(properties));
}

// What the event says itself: fields of the record that it sets, or a message of its own.
ordered_json own_schema(const model::Kind& kind, const std::string& event) {
  static const eventstore::EventMessages kMessages;
  const model::Message& message = kMessages.of(event);
  return &message == kind.message ? object_of(properties_of(message)) : object_schema(message);
}

ordered_json data_schema(const PublicEvent& event) {
  const model::Kind& kind = *event.kind;
  return {
      {"$schema", "https://json-schema.org/draft/2020-12/schema"},
      {"title", "Data of " + event.type()},
      {"type", "object"},
      {"properties",
       {{"record", record_schema(kind)}, {"changed", changed_schema(kind)}, {"event", own_schema(kind, event.name)}}},
      {"required", {"record", "changed", "event"}}};
}

ordered_json headers_schema(const std::string& type) {
  ordered_json properties{{"content-type", {{"const", "application/json"}}}};
  ordered_json required{"content-type"};
  for (std::size_t i = 0; i < kAttributes.size(); ++i) {
    const std::string name = "ce_" + std::string(kAttributes[i]);
    properties[name] = {{"type", "string"}};
    if (i < kAlwaysThere) required.push_back(name);
  }
  properties["ce_specversion"] = {{"const", "1.0"}};
  properties["ce_type"] = {{"const", type}};
  properties["ce_sequence"] = {{"type", "string"}, {"pattern", "^[0-9]{20}$"}};
  return {{"type", "object"}, {"properties", std::move(properties)}, {"required", std::move(required)}};
}

std::string asyncapi() {
  ordered_json messages, references;
  for (const PublicEvent& event : public_events()) {
    const std::string type = event.type();
    messages[type] = {{"contentType", "application/json"},
                      {"headers", headers_schema(type)},
                      {"payload", {{"$ref", "schemas/" + type + ".json"}}},
                      {"bindings", {{"kafka", {{"key", {{"type", "string"}, {"format", "uuid"}}}}}}}};
    references[type] = {{"$ref", "#/components/messages/" + type}};
  }
  const ordered_json document{
      {"asyncapi", "3.0.0"},
      {"info",
       {{"title", "Daybook's public events"},
        {"version", "1.0.0"},
        {"description", "CloudEvents 1.0 in binary mode, at least once and in order of each workspace."}}},
      {"channels", {{"events", {{"address", "daybook.events"}, {"messages", std::move(references)}}}}},
      {"operations", {{"publish", {{"action", "send"}, {"channel", {{"$ref", "#/channels/events"}}}}}}},
      {"components", {{"messages", std::move(messages)}}}};
  return document.dump(2) + "\n";
}

using google::protobuf::FileDescriptor;

// The file after those that it imports.
void add_file(const FileDescriptor& file, std::vector<const FileDescriptor*>& files) {
  if (std::ranges::find(files, &file) != files.end()) return;
  for (int i = 0; i < file.dependency_count(); ++i) add_file(*file.dependency(i), files);
  files.push_back(&file);
}

std::string text_of(const FileDescriptor& file) {
  const auto text = std::ranges::find(kProtoTexts, file.name(), &ProtoText::name);
  if (text == kProtoTexts.end()) throw std::logic_error("the binary does not carry " + file.name());
  return std::string(text->text);
}

void add_fields(const google::protobuf::Descriptor& message, std::vector<std::string>& lines) {
  for (int i = 0; i < message.field_count(); ++i) {
    const auto& field = *message.field(i);
    lines.push_back(message.full_name() + " " + std::to_string(field.number()) + " " + field.name() + " " +
                    field.type_name() + (field.is_repeated() ? " repeated" : ""));
  }
  for (int i = 0; i < message.enum_type_count(); ++i) {
    const auto& type = *message.enum_type(i);
    for (int n = 0; n < type.value_count(); ++n) {
      lines.push_back(type.full_name() + " " + std::to_string(type.value(n)->number()) + " " + type.value(n)->name());
    }
  }
  for (int i = 0; i < message.nested_type_count(); ++i) add_fields(*message.nested_type(i), lines);
}

}  // namespace

std::map<std::string, std::string> contract_files() {
  std::map<std::string, std::string> files;
  for (const PublicEvent& event : public_events()) {
    files["schemas/" + event.type() + ".json"] = data_schema(event).dump(2) + "\n";
  }
  files["asyncapi.yaml"] = asyncapi();
  for (auto& [name, text] : contract_samples()) files["samples/" + name] = std::move(text);

  std::vector<const FileDescriptor*> protos;
  add_file(*v1::Contract::descriptor()->file(), protos);
  google::protobuf::FileDescriptorSet set;
  std::vector<std::string> lines;
  for (const FileDescriptor* proto : protos) {
    proto->CopyTo(set.add_file());
    if (!proto->name().starts_with("daybook/")) continue;
    files["proto/" + proto->name()] = text_of(*proto);
    for (int i = 0; i < proto->message_type_count(); ++i) add_fields(*proto->message_type(i), lines);
  }
  files["daybook.binpb"] = set.SerializeAsString();
  for (const std::string& line : lines) files["fields.txt"] += line + "\n";
  return files;
}

}  // namespace daybook::cli
