#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "eventstore/log_fold.h"
#include "eventstore/log_tenure.h"
#include "eventstore/memory_log.h"
#include "eventstore/writers.h"
#include "tests/eventstore/codec_fixture.h"

namespace daybook::eventstore {

/// A log in memory with what writers leave on its partitions. Each commit is a second later than the one before.
class WrittenLog {
 public:
  explicit WrittenLog(std::uint32_t partitions) : log(partitions) {
    for (std::uint32_t partition = 0; partition < partitions; ++partition) {
      tenures_.emplace_back(log, partition);
      tenures_.back().begin(uuid(200));
    }
  }

  MemoryLog log;

  /// A contact is created.
  void commit(model::WorkspaceId workspace) { seal(next(workspace), {jane_created()}); }
  /// Contacts are created in two parts and the closing commit; `between` is done before that.
  template <typename Between>
  void big(model::WorkspaceId workspace, Between between) {
    Commit commit = next(workspace);
    const Key key = Key::random();
    std::vector<Hash> hashes;
    for (std::uint32_t index = 0; index < 2; ++index) {
      hashes.push_back(part(workspace, commit.command, index, key));
      ++commit.part_event_count;
    }
    between();
    commit.part_count = 2;
    commit.parts_hash = parts_hash(hashes);
    commit.part_key = std::string(key.view());
    commit.time_us = next_time_us_ += 1'000'000;
    seal(commit, {jane_created()});
  }
  /// The first part of a command that is never closed.
  void lost_part(model::WorkspaceId workspace) { part(workspace, next(workspace).command, 0, Key::random()); }
  /// Everything is on the log.
  void confirm() {
    for (LogTenure& tenure : tenures_) tenure.confirm();
  }

 private:
  Commit next(model::WorkspaceId workspace) {
    Commit commit = commit_of(uuid(++commands_), {});
    commit.workspace = workspace;
    commit.time_us = next_time_us_ += 1'000'000;
    return commit;
  }

  LogTenure& tenure(model::WorkspaceId workspace) { return tenures_[partition_of(workspace, log.partition_count())]; }

  void seal(Commit commit, std::vector<domain::Event> events) {
    commit.events = std::move(events);
    LogTenure& on = tenure(commit.workspace);
    SealedCommit sealed = codec_.seal(commit, heads_[commit.workspace], on.next_fence());
    heads_[commit.workspace] = sealed.after;
    on.append(std::move(sealed.append));
  }

  Hash part(model::WorkspaceId workspace, const model::Uuid& command, std::uint32_t index, const Key& key) {
    LogTenure& on = tenure(workspace);
    SealedPart sealed = codec_.seal_part(workspace, command, index, {jane_created()}, key, on.next_fence());
    on.append(std::move(sealed.append));
    return sealed.hash;
  }

  Keyring keyring_{log, key_of('m')};
  CommitCodec codec_{keyring_};
  std::deque<LogTenure> tenures_;
  std::map<model::WorkspaceId, ChainHead> heads_;
  std::int64_t next_time_us_ = 1'767'225'600'000'000;
  std::uint8_t commands_ = 100;
};

/// What can be opened of a log with the keys that stand in it: each workspace's commits, and how many slices they have.
struct Histories {
  std::map<model::WorkspaceId, std::vector<Commit>> commits;
  std::size_t slices = 0;
  std::vector<LogFold::Finding> findings;
};

inline Histories histories_of(MemoryLog& log) {
  Keyring keyring(log, key_of('m'));
  CommitCodec codec(keyring);
  Histories found;
  const auto add = [&](const Commit& commit) { found.commits[commit.workspace].push_back(commit); };
  for (std::uint32_t partition = 0; partition < log.partition_count(); ++partition) {
    LogFold fold({log, codec, partition}, {[&](const auto& commits, const auto&) {
                                             for (const OpenedCommit& opened : commits) add(opened.commit);
                                           },
                                           [&](const auto& slice, const auto&) {
                                             ++found.slices;
                                             if (slice.is_last) add(slice.commit.commit);
                                           }});
    fold.run_to(log.end(partition), [](std::uint64_t) {});
    found.findings.insert(found.findings.end(), fold.findings().begin(), fold.findings().end());
  }
  return found;
}

}  // namespace daybook::eventstore
