#include "eventstore/codec_body.h"

#include "eventstore/codec_wire.h"

namespace daybook::eventstore {
namespace {

using model::append_bytes_field;
using model::WireField;

constexpr std::uint32_t kEventsOfBody = 9;
constexpr std::uint32_t kEventsOfPartBody = 1;

void write(std::string& out, std::uint32_t number, const model::Uuid& id) {
  if (!id.is_nil()) append_bytes_field(out, number, id.view());
}
using eventstore::write;

std::string write_result(const Answer& answer) {
  std::string out;
  write(out, 1, answer.status);
  write(out, 2, answer.kind);
  write(out, 3, answer.id);
  write(out, 4, answer.extra);
  return out;
}

bool read_result(std::string_view message, Answer& answer) {
  return walk(message, 0, [&](const WireField& field) {
    switch (field.number) {
      case 1:
        return read(field, answer.status);
      case 2:
        return read(field, answer.kind);
      case 3:
        return read(field, answer.id);
      case 4:
        return read(field, answer.extra);
      default:
        return false;
    }
  });
}

std::string write_actor(const domain::Actor& actor) {
  std::string out;
  write(out, 1, static_cast<std::uint64_t>(actor.kind));
  write(out, 2, actor.id);
  return out;
}

bool read_actor(std::string_view message, domain::Actor& actor) {
  std::uint8_t kind = 0;
  const bool whole = walk(message, 0, [&](const WireField& field) {
    switch (field.number) {
      case 1:
        return read(field, kind);
      case 2:
        return read(field, actor.id);
      default:
        return false;
    }
  });
  actor.kind = static_cast<domain::Actor::Kind>(kind);
  return whole && kind <= static_cast<std::uint8_t>(domain::Actor::Kind::kOperator);
}

// Packed, as proto3 writes repeated numbers.
std::string write_numbers(const std::vector<std::uint32_t>& numbers) {
  std::string out;
  for (const std::uint32_t number : numbers) model::append_varint(out, number);
  return out;
}

bool read_numbers(std::string_view packed, std::vector<std::uint32_t>& numbers) {
  std::uint64_t number = 0;
  unsigned shift = 0;
  for (const char c : packed) {
    const auto byte = static_cast<std::uint8_t>(c);
    number |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    shift += 7;
    if (shift > 35 || number > std::numeric_limits<std::uint32_t>::max()) return false;
    if ((byte & 0x80) != 0) continue;
    numbers.push_back(static_cast<std::uint32_t>(number));
    number = 0;
    shift = 0;
  }
  return shift == 0;
}

bool read_event(std::string_view message, std::vector<KeptEvent>& events) {
  KeptEvent& kept = events.emplace_back();
  std::string_view cleared;
  bool has_subject = false;
  const bool whole = walk(message, 0, [&](const WireField& field) {
    switch (field.number) {
      case 1:
        return read(field, kept.event.name);
      case 2:
        return read(field, kept.event.kind);
      case 3:
        return read(field, kept.event.id);
      case 4:
        return read(field, kept.plain);
      case 5:
        return read(field, kept.sealed_personal);
      case 6:
        return has_subject = true, read(field, kept.event.subject);
      case 7:
        return read(field, cleared);
      default:
        return false;
    }
  });
  if (!has_subject) kept.event.subject = kept.event.id;
  return whole && read_numbers(cleared, kept.event.cleared);
}

bool read_idempotency(const WireField& field, Commit& commit) {
  if (!commit.idempotency) commit.idempotency.emplace();
  switch (field.number) {
    case 1:
      return read(field, commit.idempotency->scope);
    case 2:
      return read(field, commit.idempotency->key_hash);
    default:
      return read(field, commit.idempotency->request_hash);
  }
}

}  // namespace

BodyWriter::BodyWriter(const Commit& commit) : events_field_(kEventsOfBody) {
  body_.reserve(1024);
  if (commit.idempotency) {
    append_bytes_field(body_, 1, commit.idempotency->scope.view());  // also a nil one: it says that there is a key
    write(body_, 2, commit.idempotency->key_hash);
    write(body_, 3, commit.idempotency->request_hash);
  }
  write(body_, 4, write_result(commit.answer));
  write(body_, 5, write_actor(commit.actor));
  write(body_, 6, commit.origin);
  write(body_, 7, commit.request_id);
  write(body_, 8, commit.traceparent);
}

void BodyWriter::append(const domain::Event& event, std::string_view plain, std::string_view sealed_personal) {
  event_.clear();
  write(event_, 1, event.name);
  write(event_, 2, event.kind);
  write(event_, 3, event.id);
  write(event_, 4, plain);
  write(event_, 5, sealed_personal);
  if (event.subject != event.id) write(event_, 6, event.subject);
  if (!event.cleared.empty()) write(event_, 7, write_numbers(event.cleared));
  append_bytes_field(body_, events_field_, event_);
}

std::string BodyWriter::finish(std::string_view part_key) {
  write(body_, 10, part_key);
  return std::move(body_);
}

bool read_body(std::string_view body, Commit& commit, std::vector<KeptEvent>& events) {
  return walk(body, kEventsOfBody, [&](const WireField& field) {
    switch (field.number) {
      case 1:
      case 2:
      case 3:
        return read_idempotency(field, commit);
      case 4:
        return read_result(field.bytes, commit.answer);
      case 5:
        return read_actor(field.bytes, commit.actor);
      case 6:
        return read(field, commit.origin);
      case 7:
        return read(field, commit.request_id);
      case 8:
        return read(field, commit.traceparent);
      case kEventsOfBody:
        return read_event(field.bytes, events);
      case 10:
        return read(field, commit.part_key);
      default:
        return false;
    }
  });
}

bool read_part_body(std::string_view body, std::vector<KeptEvent>& events) {
  return walk(body, kEventsOfPartBody, [&](const WireField& field) {
    return field.number == kEventsOfPartBody && read_event(field.bytes, events);
  });
}

}  // namespace daybook::eventstore
