#include "eventstore/codec_record.h"

#include "eventstore/codec_wire.h"

namespace daybook::eventstore {
namespace {

using model::append_bytes_field;
using model::append_varint_field;
using model::WireField;
using model::WireType;

bool read_fence(const WireField& message, Fence& fence) {
  if (message.type != WireType::kBytes) return false;
  return walk(message.bytes, 0, [&](const WireField& field) {
    switch (field.number) {
      case 1:
        return read(field, fence.epoch);
      case 2:
        return read(field, fence.sequence);
      default:
        return false;
    }
  });
}

void write_fence(std::string& out, const Fence& fence) {
  std::string message;
  write(message, 1, fence.epoch);
  write(message, 2, fence.sequence);
  append_bytes_field(out, 1, message);
}

bool read_claim(std::string_view message, ClaimRecord& claim) {
  return walk(message, 0, [&](const WireField& field) {
    switch (field.number) {
      case 1:
        return read(field, claim.previous_epoch.emplace());
      case 2:
        return read(field, claim.instance);
      case 3:
        return read(field, claim.node_address);
      case 4:
        return read(field, claim.address_mac.emplace());
      default:
        return false;
    }
  });
}

bool read_commit(std::string_view message, CommitRecord& commit) {
  const bool whole = walk(message, 0, [&](const WireField& field) {
    switch (field.number) {
      case 1:
        return read_fence(field, commit.fence);
      case 2:
        return read(field, commit.header);
      case 3:
        return read(field, commit.sealed_body);
      default:
        return false;
    }
  });
  return whole && !commit.header.empty() && commit.sealed_body.size() >= kSealOverhead;
}

bool read_part(std::string_view message, PartRecord& part) {
  int ids = 0;
  const bool whole = walk(message, 0, [&](const WireField& field) {
    switch (field.number) {
      case 1:
        return read_fence(field, part.fence);
      case 2:
        return ++ids, read(field, part.workspace.value);
      case 3:
        return ++ids, read(field, part.command);
      case 4:
        return read(field, part.index);
      case 5:
        return read(field, part.sealed_body);
      default:
        return false;
    }
  });
  return whole && ids == 2 && part.sealed_body.size() >= kSealOverhead;
}

bool read_moved(std::string_view message, MovedRecord& moved) {
  return walk(message, 0, [&](const WireField& field) {
    switch (field.number) {
      case 1:
        return read_fence(field, moved.fence);
      case 2:
        return read(field, moved.time_us);
      case 3:
        return read(field, moved.destination);
      default:
        return false;
    }
  });
}

std::string framed(std::uint32_t kind, std::string_view message) {
  std::string out;
  out.reserve(message.size() + 8);
  append_bytes_field(out, kind, message);
  return out;
}

}  // namespace

std::expected<Record, std::string> read_record(std::string_view bytes) {
  model::WireReader reader(bytes);
  WireField kind;
  if (!reader.next(kind) || kind.type != WireType::kBytes || kind.whole.size() != bytes.size()) {
    return std::unexpected("the bytes are not one record of the log");
  }
  if (kind.number == 1) {
    if (ClaimRecord claim; read_claim(kind.bytes, claim)) return claim;
    return std::unexpected("the bytes of a claim are damaged, or written by a later version");
  }
  if (kind.number == 2) {
    if (CommitRecord commit; read_commit(kind.bytes, commit)) return commit;
    return std::unexpected("the bytes of a commit are damaged, or written by a later version");
  }
  if (kind.number == 3) {
    if (PartRecord part; read_part(kind.bytes, part)) return part;
    return std::unexpected("the bytes of a part are damaged, or written by a later version");
  }
  if (kind.number == 4) {
    if (MovedRecord moved; read_moved(kind.bytes, moved)) return moved;
    return std::unexpected("the bytes of a moved record are damaged, or written by a later version");
  }
  return std::unexpected("a record of kind " + std::to_string(kind.number) + " is unknown to this version");
}

std::string write_record(const ClaimRecord& claim) {
  std::string message;
  if (claim.previous_epoch) append_varint_field(message, 1, *claim.previous_epoch);
  append_bytes_field(message, 2, claim.instance.view());
  write(message, 3, claim.node_address);
  if (claim.address_mac) append_bytes_field(message, 4, view(*claim.address_mac));
  return framed(1, message);
}

std::string write_record(const CommitRecord& commit) {
  std::string message;
  message.reserve(commit.header.size() + commit.sealed_body.size() + 40);
  write_fence(message, commit.fence);
  append_bytes_field(message, 2, commit.header);
  append_bytes_field(message, 3, commit.sealed_body);
  return framed(2, message);
}

std::string write_record(const PartRecord& part) {
  std::string message;
  message.reserve(part.sealed_body.size() + 80);
  write_fence(message, part.fence);
  append_bytes_field(message, 2, part.workspace.value.view());
  append_bytes_field(message, 3, part.command.view());
  write(message, 4, part.index);
  append_bytes_field(message, 5, part.sealed_body);
  return framed(3, message);
}

std::string write_record(const MovedRecord& moved) {
  std::string message;
  write_fence(message, moved.fence);
  write(message, 2, static_cast<std::uint64_t>(moved.time_us));
  write(message, 3, moved.destination);
  return framed(4, message);
}

std::expected<CommitHeader, std::string> read_header(std::string_view bytes) {
  CommitHeader header;
  header.schema_level = 0;
  const bool whole = walk(bytes, 0, [&](const WireField& field) {
    switch (field.number) {
      case 1:
        return read(field, header.workspace.value);
      case 2:
        return read(field, header.command);
      case 3:
        return read(field, header.first_position);
      case 4:
        return read(field, header.event_count);
      case 5:
        return read(field, header.previous_hash);
      case 6:
        return read(field, header.part_count);
      case 7:
        return read(field, header.parts_hash);
      case 8:
        return read(field, header.schema_level);
      case 9:
        return read(field, header.time_us);
      case 10:
        return read(field, header.body_key_commitment);
      default:
        return header.schema_level > kSchemaLevel;  // to be refused below, by its level
    }
  });
  if (whole && header.schema_level > kSchemaLevel) {
    return std::unexpected("the commit has schema_level " + std::to_string(header.schema_level) +
                           ", and this version reads up to " + std::to_string(kSchemaLevel) + "; upgrade");
  }
  if (!whole || write_header(header) != bytes) return std::unexpected("the bytes of the commit's header are damaged");
  return header;
}

std::string write_header(const CommitHeader& header) {
  std::string out;
  out.reserve(192);
  append_bytes_field(out, 1, header.workspace.value.view());
  append_bytes_field(out, 2, header.command.view());
  write(out, 3, header.first_position);
  write(out, 4, header.event_count);
  append_bytes_field(out, 5, view(header.previous_hash));
  write(out, 6, header.part_count);
  if (header.part_count != 0) append_bytes_field(out, 7, view(header.parts_hash));
  write(out, 8, header.schema_level);
  write(out, 9, static_cast<std::uint64_t>(header.time_us));
  append_bytes_field(out, 10, view(header.body_key_commitment));
  return out;
}

}  // namespace daybook::eventstore
