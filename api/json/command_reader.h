#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/result.h"
#include "model/field_reader.h"
#include "model/schema.h"

namespace daybook::api {

/// A JSON body, read straight into the wire bytes of a command or a record; safe from every thread.

/// What the body is for: it decides which fields may be given (SetBy in model/schema.h) and what null means.
enum class ReadMode : std::uint8_t {
  kCreate,   // null is absent
  kUpdate,   // JSON Merge Patch (RFC 7396): null clears, absent keeps; a nested object is merged
  kCommand,  // all fields but those of the fold
};

/// Another code and sentence for a field that the mode refuses; nothing for the usual one.
using Refusal = std::optional<model::FieldProblem> (*)(const model::Field& field);

struct ReadOptions {
  ReadMode mode = ReadMode::kCommand;
  std::string_view existing{};  // the record that is updated: its currency, its nested messages
  std::string_view currency{};  // the workspace's, for money beside no currency
  Refusal refusal = nullptr;
};

struct CommandInput {
  std::string own;                     // the message's own fields, ascending
  std::string record;                  // of a message with an inline field: that record's fields, ascending
  std::vector<std::uint32_t> cleared;  // of the record if one is inlined, else of the message; ascending
};

/// A list in a body holds at most this many values, unless its messages say less.
inline constexpr std::size_t kListLimit = 1000;

/// Reads `body` as `message`. An inlined record's fields stand beside the message's own, which go first where both have
/// a name. Internal, secret and system fields are unknown. `required` is checked of a command's own fields and of the
/// objects in a body; that of a record is a rule of what results. If a creation is refused for something else, the
/// record's missing fields are named too, but for options, which may have defaults.
///
/// Fails with `malformed_json` (its detail says what, and the byte offset) on anything that is not one JSON object:
/// depth over 32, duplicate keys, NUL, integers beyond int64, numbers beyond double, invalid UTF-8, lone surrogates,
/// trailing text. Fails with `validation_failed` and every field error, at most domain::kErrorLimit.
/// Then `readable`, if given, takes the other fields.
domain::Result<CommandInput> read_object(const model::Message& message, std::string_view body,
                                         const ReadOptions& options, CommandInput* readable = nullptr);

}  // namespace daybook::api
