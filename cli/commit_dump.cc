#include "cli/commit_dump.h"

#include <ostream>

#include "eventstore/codec_events.h"
#include "model/json_output.h"
#include "model/time.h"
#include "model/wire.h"

namespace daybook::cli {
namespace {

using model::Field;
using model::FieldType;
using model::JsonOutput;
using model::WireField;

void write_fields(JsonOutput& out, const model::Message& message, std::string_view bytes);

void write_option(JsonOutput& out, const Field& field, std::uint64_t number) {
  if (number < field.options.size() && !field.options[number].empty()) return out.string(field.options[number]);
  out.integer(static_cast<std::int64_t>(number));
}

void write_value(JsonOutput& out, const Field& field, const WireField& wire) {
  switch (field.type) {
    case FieldType::kInteger:
    case FieldType::kMoney:
      return out.integer(static_cast<std::int64_t>(wire.varint));
    case FieldType::kBoolean:
      return out.raw(wire.varint != 0 ? "true" : "false");
    case FieldType::kOption:
      return write_option(out, field, wire.varint);
    case FieldType::kId:
      return out.uuid(wire.bytes);
    case FieldType::kTime:
      return out.string(model::format_time(static_cast<std::int64_t>(wire.varint)));
    case FieldType::kBinary:
      return out.base64(wire.bytes);
    case FieldType::kMessage:
      return write_fields(out, *field.message, wire.bytes);
    default:
      return out.string(wire.bytes);
  }
}

void write_list(JsonOutput& out, const Field& field, const std::vector<WireField>& values) {
  out.raw('[');
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out.raw(',');
    write_value(out, field, values[i]);
  }
  out.raw(']');
}

void write_fields(JsonOutput& out, const model::Message& message, std::string_view bytes) {
  out.raw('{');
  bool first = true;
  for (const Field& field : message.fields) {
    if (field.secret) continue;
    std::vector<WireField> values;
    model::WireReader reader(bytes);
    for (WireField wire; reader.next(wire);) {
      if (wire.number == field.number) values.push_back(wire);
    }
    if (values.empty()) continue;
    out.name(field.name, first);
    first = false;
    if (field.repeated) {
      write_list(out, field, values);
    } else {
      write_value(out, field, values.back());  // the last one counts
    }
  }
  out.raw('}');
}

void write_actor(JsonOutput& out, const domain::Actor& actor) {
  out.name("kind", true);
  write_option(out, *model::schema().message("daybook.v1.Actor")->field("kind"),
               static_cast<std::uint64_t>(actor.kind));
  out.name("id", false);
  if (actor.id.is_nil()) {
    out.raw("null");
  } else {
    out.uuid(actor.id.view());
  }
}

void write_event(JsonOutput& out, const domain::Event& event, std::uint64_t position) {
  static const eventstore::EventMessages kMessages;
  const model::Kind* kind = model::schema().kind(event.kind);
  out.raw('{');
  out.name("position", true);
  out.integer(static_cast<std::int64_t>(position));
  out.name("name", false);
  out.string(event.name);
  out.name("kind", false);
  out.string(kind == nullptr ? "" : kind->name);
  out.name("id", false);
  out.uuid(event.id.view());
  out.name("cleared", false);
  out.raw('[');
  for (std::size_t i = 0; i < event.cleared.size(); ++i) {
    if (i > 0) out.raw(',');
    const Field* field = kind == nullptr ? nullptr : kind->message->field(event.cleared[i]);
    out.string(field == nullptr ? std::to_string(event.cleared[i]) : field->name);
  }
  out.raw(']');
  out.name("data", false);
  write_fields(out, kMessages.of(event.name), event.data);
  out.raw('}');
}

void write_text(JsonOutput& out, std::string_view name, std::string_view text) {
  out.name(name, false);
  out.string(text);
}

}  // namespace

void CommitDump::commit(const eventstore::Commit& commit) {
  begin(commit);
  events(commit.events, commit.first_position, true);
  end();
}

void CommitDump::slice(const eventstore::CommitSlice& slice) {
  const eventstore::Commit& commit = slice.commit.commit;
  const bool is_first = slice.first_position == commit.first_position;
  if (is_first) begin(commit);
  events(slice.events, slice.first_position, is_first);
  if (slice.is_last) end();
}

void CommitDump::end() {
  if (in_line_) out_ << "]}\n";
  in_line_ = false;
}

void CommitDump::begin(const eventstore::Commit& commit) {
  end();
  in_line_ = true;
  std::string line;
  {
    JsonOutput out(line);
    out.raw('{');
    out.name("workspace", true);
    out.uuid(commit.workspace.value.view());
    out.name("position", false);
    out.integer(static_cast<std::int64_t>(commit.first_position));
    out.name("command", false);
    out.uuid(commit.command.view());
    write_text(out, "time", model::format_time(commit.time_us));
    out.name("actor", false);
    out.raw('{');
    write_actor(out, commit.actor);
    out.raw('}');
    write_text(out, "origin", commit.origin);
    write_text(out, "request_id", commit.request_id);
    out.name("idempotency", false);
    out.raw(commit.idempotency ? "true" : "false");
    out.name("events", false);
    out.raw('[');
  }
  out_ << line;
}

void CommitDump::events(const std::vector<domain::Event>& events, std::uint64_t first_position, bool are_first) {
  std::string text;
  {
    JsonOutput out(text);
    std::uint64_t position = first_position;
    for (const domain::Event& event : events) {
      if (!are_first || position > first_position) out.raw(',');
      write_event(out, event, position++);
    }
  }
  out_ << text;
}

}  // namespace daybook::cli
