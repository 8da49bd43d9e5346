#pragma once

#include <filesystem>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daybook/v1/work.pb.h"
#include "eventstore/memory_log.h"
#include "eventstore/writer.h"
#include "projections/projector.h"

namespace daybook::projections::test {

/// A projector that a test looks over the shoulder of: `after_slice` is called on the applier's thread after each slice
/// and may throw, which is what a full disk does.
class WatchedProjector final : public eventstore::Projection {
 public:
  explicit WatchedProjector(StateStore& store) : projector_(store, nullptr) {}
  std::function<void()> after_slice;

  eventstore::PartitionPosition position(std::uint32_t partition) const override {
    return projector_.position(partition);
  }
  eventstore::ChainHead head(model::WorkspaceId workspace) const override { return projector_.head(workspace); }
  std::unique_ptr<domain::RowReader> rows(model::WorkspaceId workspace) const override {
    return projector_.rows(workspace);
  }
  std::unique_ptr<domain::Rows> stage(const domain::RowReader& below) const override { return projector_.stage(below); }
  std::optional<eventstore::StoredAnswer> find_answer(model::WorkspaceId workspace, const model::Uuid& scope,
                                                      const std::string& key_hash) const override {
    return projector_.find_answer(workspace, scope, key_hash);
  }
  void apply(std::uint32_t partition, const std::vector<eventstore::OpenedCommit>& commits,
             const eventstore::PartitionPosition& after) override {
    projector_.apply(partition, commits, after);
  }
  void apply_slice(std::uint32_t partition, const eventstore::CommitSlice& slice,
                   const eventstore::PartitionPosition& after) override {
    projector_.apply_slice(partition, slice, after);
    if (after_slice) after_slice();
  }

 private:
  Projector projector_;
};

/// A directory of its own, gone with the object.
class Directory {
 public:
  Directory();
  ~Directory();
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The real writer over a log in memory and a state on disk.
class WriterScene {
 private:
  std::unique_ptr<eventstore::MemoryLog> own_log_;

 public:
  WriterScene();
  /// A node of a log that outlives unknown outcomes, which may be another node's and outlives this object then.
  /// `instance` tells nodes apart.
  struct Node {
    eventstore::MemoryLog* log = nullptr;
    char instance = 'a';
    std::chrono::milliseconds answer_within{60'000};
    bool stands_by = false;         // at first
    std::string address{};          // empty: http:// and the instance
    std::filesystem::path state{};  // to begin with, such as a checkpoint of another node; empty: none
  };
  explicit WriterScene(const Node& node);
  ~WriterScene();

  eventstore::MemoryLog& log;
  eventstore::Keyring keyring;
  eventstore::CommitCodec codec{keyring};
  Directory directory;
  StateStore state;
  WatchedProjector projector{state};

  std::function<void()> on_taken;  // called by the writer's thread

  /// Sends the command; the outcome comes when it comes.
  std::future<eventstore::Outcome> send(eventstore::Submission submission);
  eventstore::Outcome done(eventstore::Submission submission) { return send(std::move(submission)).get(); }
  /// The process dies with what the log has not delivered, and another one starts.
  void restart();
  void take() { writer_->take(); }
  void leave() { writer_->leave(); }
  void wait_until_replaced(std::chrono::milliseconds patience) {
    writer_->wait_until_replaced(std::chrono::steady_clock::now() + patience);
  }
  std::string owner_address() const { return writer_->owner_address(); }
  /// The process ends by itself, as after a fault of its disk.
  void end() { writer_.reset(); }

  std::vector<std::string> damaged() const { return writer_->damaged(); }
  eventstore::WriterFigures figures() const { return writer_->figures(); }

  std::vector<std::string> notes(model::WorkspaceId workspace) const;  // their bodies' first words
  /// Every row there is, by its workspace and key.
  std::map<std::string, std::string> all_rows() const;
  /// Records of the log, and how many of them are parts.
  std::uint64_t records() { return log.end(0); }
  std::uint64_t parts();
  eventstore::BigFold::Source source() { return {log, codec, 0}; }

 private:
  WriterScene(std::unique_ptr<eventstore::MemoryLog> own_log, const Node& node, bool outlives_unknown);
  void start();

  const Node node_;
  std::unique_ptr<eventstore::Writer> writer_;
};

inline const model::WorkspaceId kAcme{*model::Uuid::from_bytes("acme............")};
inline const model::WorkspaceId kOther{*model::Uuid::from_bytes("other...........")};

/// Events that create notes, each with a body of so many bytes that begins with `word`.
domain::Events new_notes(std::size_t count, std::size_t bytes, const domain::Context& context, const char* word);
/// A command that creates such notes.
eventstore::Submission create_notes(model::WorkspaceId workspace, std::size_t count, std::size_t bytes,
                                    const char* word = "note");
eventstore::Idempotency key_of(char fill);

}  // namespace daybook::projections::test
