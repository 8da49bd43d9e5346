#include "eventstore/codec.h"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

#include "eventstore/codec_body.h"
#include "eventstore/seal.h"

namespace daybook::eventstore {
namespace {

constexpr std::string_view kBodyKeyPurpose = "daybook.body.v1";

// The whole header, so that the last commit of a history is protected as well, before another one holds its hash.
std::string body_data(std::string_view header) { return std::string("daybook.body.v1").append(header); }

std::string part_data(model::WorkspaceId workspace, const model::Uuid& command, std::uint32_t index) {
  std::string out = "daybook.part.v1";
  out.append(workspace.value.view()).append(command.view());
  append_big_endian(out, index);
  return out;
}

void check_parts(const Commit& commit) {
  const bool fits = commit.part_count != 0
                        ? commit.part_key.size() == Key::kSize && commit.parts_hash != Hash{}
                        : commit.part_key.empty() && commit.part_event_count == 0 && commit.parts_hash == Hash{};
  if (!fits) throw std::logic_error("part_key, parts_hash and part_event_count are set exactly in a commit with parts");
}

CommitHeader header_of(const Commit& commit, const ChainHead& head, const Key& body_key) {
  const std::uint64_t event_count = commit.part_event_count + commit.events.size();
  if (event_count > std::numeric_limits<std::uint32_t>::max()) throw std::length_error("a command has too many events");
  CommitHeader header;
  header.workspace = commit.workspace;
  header.command = commit.command;
  header.first_position = head.next_position;
  header.event_count = static_cast<std::uint32_t>(event_count);
  header.previous_hash = head.hash;
  header.part_count = commit.part_count;
  header.parts_hash = commit.parts_hash;
  header.time_us = commit.time_us;
  header.body_key_commitment = sha256({body_key.view()});
  return header;
}

// The rows of keys that a record in the making needs: abandoned with it, unless it is finished.
class KeysOfRecord {
 public:
  explicit KeysOfRecord(Keyring& keyring) : keyring_(keyring) {}
  KeysOfRecord(const KeysOfRecord&) = delete;
  KeysOfRecord& operator=(const KeysOfRecord&) = delete;
  ~KeysOfRecord() {
    std::vector<std::string> names;
    for (const WrappedKey& row : rows_) names.push_back(row.name);
    keyring_.abandon(names);
  }

  Key of_workspace(model::WorkspaceId workspace) { return keyring_.workspace_key_for(workspace, rows_); }
  Key of_subject(model::WorkspaceId workspace, const model::Uuid& subject) {
    return keyring_.subject_key_for(workspace, subject, rows_);
  }
  std::vector<WrappedKey> finish() { return std::exchange(rows_, {}); }

 private:
  Keyring& keyring_;
  std::vector<WrappedKey> rows_;
};

void fill_from(const CommitHeader& header, Commit& commit) {
  commit.workspace = header.workspace;
  commit.command = header.command;
  commit.first_position = header.first_position;
  commit.time_us = header.time_us;
  commit.part_count = header.part_count;
  commit.parts_hash = header.parts_hash;
}

void check_size(const std::string& record) {
  if (record.size() <= kMaxRecordBytes) return;
  throw std::length_error("a record of " + std::to_string(record.size()) + " bytes exceeds the limit of " +
                          std::to_string(kMaxRecordBytes) + "; split its command into parts");
}

}  // namespace

model::Uuid event_id(model::WorkspaceId workspace, const model::Uuid& command, std::uint64_t index) {
  std::string index_bytes;
  append_big_endian(index_bytes, index);
  const Hash hash = sha256({workspace.value.view(), command.view(), index_bytes});
  model::Uuid id;
  std::copy_n(hash.begin(), id.bytes.size(), id.bytes.begin());
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0F) | 0x80);
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3F) | 0x80);
  return id;
}

CommitCodec::CommitCodec(Keyring& keyring) : keyring_(keyring) {}

SealedCommit CommitCodec::seal(const Commit& commit, const ChainHead& head, const Fence& fence) {
  check_parts(commit);
  KeysOfRecord keys(keyring_);
  const Key body_key = derive_key(keys.of_workspace(commit.workspace), kBodyKeyPurpose, commit.command);
  BodyWriter body(commit);
  seal_events(body, commit.events, {commit.workspace, commit.command}, messages_,
              [&](const model::Uuid& subject) { return keys.of_subject(commit.workspace, subject); });
  const CommitHeader header = header_of(commit, head, body_key);
  const std::string header_bytes = write_header(header);
  const std::string sealed_body = eventstore::seal(body_key, body.finish(commit.part_key), body_data(header_bytes));
  std::string record = write_record(CommitRecord{fence, header_bytes, sealed_body});
  check_size(record);
  return {{std::move(record), keys.finish()}, head_after(header, header_bytes, sealed_body)};
}

std::expected<Commit, HistoryDamage> CommitCodec::open(std::string_view header_bytes, std::string_view sealed_body) {
  const auto header = read_header(header_bytes);
  if (!header) return std::unexpected(HistoryDamage{HistoryDamage::Reason::kDamaged, std::nullopt, 0, header.error()});
  HistoryDamage damage{HistoryDamage::Reason::kDamaged, header->workspace, header->first_position, ""};
  const auto damaged = [&](std::string what) {
    damage.what = std::move(what);
    return std::unexpected(damage);
  };
  try {
    const auto workspace_key = keyring_.workspace_key(header->workspace);
    if (!workspace_key) {
      damage.reason = HistoryDamage::Reason::kNoWorkspaceKey;
      return damaged("the workspace has no key: it was erased, or the key's row is lost");
    }
    const Key body_key = derive_key(*workspace_key, kBodyKeyPurpose, header->command);
    if (sha256({body_key.view()}) != header->body_key_commitment) {
      return damaged("the header's commitment is not to the body key of this workspace and command");
    }
    const auto body = eventstore::open(body_key, sealed_body, body_data(header_bytes));
    if (!body) return damaged("the sealed body does not open: its bytes or the header's were changed");
    auto commit = read_open_body(*header, *body);
    if (!commit) return damaged(commit.error());
    return std::move(*commit);
  } catch (const KeyRefused& refused) {
    return damaged(refused.what());
  }
}

std::expected<Commit, std::string> CommitCodec::read_open_body(const CommitHeader& header, std::string_view body) {
  Commit commit;
  std::vector<KeptEvent> kept;
  if (!read_body(body, commit, kept)) return std::unexpected("the body has fields that this version does not know");
  fill_from(header, commit);
  const bool has_parts = header.part_count != 0;
  const bool counts_fit = has_parts ? kept.size() <= header.event_count : kept.size() == header.event_count;
  if (!counts_fit || commit.part_key.size() != (has_parts ? Key::kSize : 0)) {
    return std::unexpected("the body does not have the events and parts that its header says");
  }
  commit.part_event_count = header.event_count - kept.size();
  auto events = open_events(std::move(kept), {header.workspace, header.command}, [&](const model::Uuid& subject) {
    return keyring_.subject_key(header.workspace, subject);
  });
  if (!events) return std::unexpected(events.error());
  commit.events = std::move(*events);
  return commit;
}

SealedPart CommitCodec::seal_part(model::WorkspaceId workspace, const model::Uuid& command, std::uint32_t index,
                                  const std::vector<domain::Event>& events, const Key& part_key, const Fence& fence) {
  KeysOfRecord keys(keyring_);
  keys.of_workspace(workspace);  // the subjects' keys stand under it
  BodyWriter body;
  seal_events(body, events, {workspace, command, index}, messages_,
              [&](const model::Uuid& subject) { return keys.of_subject(workspace, subject); });
  const std::string sealed_body = eventstore::seal(part_key, body.finish(), part_data(workspace, command, index));
  const PartRecord part{fence, workspace, command, index, sealed_body};
  std::string record = write_record(part);
  check_size(record);
  return {{std::move(record), keys.finish()}, part_hash(part)};
}

std::expected<std::vector<domain::Event>, HistoryDamage> CommitCodec::open_part(const PartRecord& part,
                                                                                std::string_view part_key,
                                                                                std::uint64_t position) {
  const auto damaged = [&](const std::string& what) {
    return std::unexpected(HistoryDamage{HistoryDamage::Reason::kDamaged, part.workspace, position,
                                         "part " + std::to_string(part.index) + ": " + what});
  };
  const auto key = Key::from_bytes(part_key);
  if (!key) return damaged("its commit holds no key for it");
  const auto body = eventstore::open(*key, part.sealed_body, part_data(part.workspace, part.command, part.index));
  if (!body) return damaged("the sealed body does not open under the key in its commit");
  std::vector<KeptEvent> kept;
  if (!read_part_body(*body, kept)) return damaged("the body has fields that this version does not know");
  try {
    auto events =
        open_events(std::move(kept), {part.workspace, part.command, part.index},
                    [&](const model::Uuid& subject) { return keyring_.subject_key(part.workspace, subject); });
    if (!events) return damaged(events.error());
    return std::move(*events);
  } catch (const KeyRefused& refused) {
    return damaged(refused.what());
  }
}

}  // namespace daybook::eventstore
