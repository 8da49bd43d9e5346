#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "eventstore/big_command.h"
#include "eventstore/projection.h"
#include "eventstore/submission.h"

namespace daybook::eventstore {

/// A large command on its way through the writer: an import, or any command whose events turned out not to fit into
/// one record. That one is decided once more when its workspace is quiet, in one step. One thread uses it.
class BigRun {
 public:
  BigRun(Submission what, std::uint64_t number);

  Submission submission;
  const std::uint64_t number;               // of this run, unlike any other of the process
  const std::function<void(Outcome)> done;  // the submission's own
  std::int64_t time_us = 0;                 // when it began
  model::Uuid command;
  PartBuffer buffer;
  WrittenParts parts;

  /// Whether one step decides all of it.
  bool is_brief() const { return is_brief_; }
  bool has_begun() const { return state_ != nullptr; }
  /// Decides over the workspace as it is applied; nothing of it may be pending, or change until the run is over.
  void begin(const Projection& projection);
  domain::Result<BigCommand::Step> step(domain::IdSource& ids);

  std::uint32_t ids_given = 0;

 private:
  bool is_brief_;
  const Projection* projection_ = nullptr;
  std::unique_ptr<domain::RowReader> state_;
  std::unique_ptr<domain::Rows> staged_;  // what the steps so far changed; none before the first that another follows
};

}  // namespace daybook::eventstore
