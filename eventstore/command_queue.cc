#include "eventstore/command_queue.h"

#include <utility>

namespace daybook::eventstore {

void CommandQueue::push(Submission submission) {
  auto& queue = queues_[submission.workspace];
  if (queue.empty()) turns_.push_back(submission.workspace);
  queue.push_back(std::move(submission));
  ++size_;
}

Submission CommandQueue::pop() {
  const model::WorkspaceId workspace = turns_.front();
  turns_.pop_front();
  auto& queue = queues_.at(workspace);
  Submission submission = std::move(queue.front());
  queue.pop_front();
  --size_;
  if (queue.empty()) {
    queues_.erase(workspace);
  } else {
    turns_.push_back(workspace);
  }
  return submission;
}

bool CommandQueue::hold(model::WorkspaceId workspace, const Hold& hold) {
  return holds_.emplace(workspace, hold).first->second.run == hold.run;
}

std::optional<CommandQueue::Hold> CommandQueue::held(model::WorkspaceId workspace) const {
  const auto found = holds_.find(workspace);
  return found == holds_.end() ? std::nullopt : std::optional(found->second);
}

void CommandQueue::stand_aside(Submission submission) {
  aside_[submission.workspace].push_back(std::move(submission));
  ++size_;
}

void CommandQueue::let_go(model::WorkspaceId workspace) {
  holds_.erase(workspace);
  auto waiting = aside_.extract(workspace);
  if (waiting.empty()) return;
  auto& queue = queues_[workspace];
  if (queue.empty()) turns_.push_back(workspace);
  for (auto command = waiting.mapped().rbegin(); command != waiting.mapped().rend(); ++command) {
    queue.push_front(std::move(*command));
  }
}

std::vector<Submission> CommandQueue::take_all() {
  std::vector<Submission> all;
  for (Queues* queues : {&queues_, &aside_}) {
    for (auto& [workspace, queue] : *queues) {
      for (Submission& submission : queue) all.push_back(std::move(submission));
    }
    queues->clear();
  }
  turns_.clear();
  size_ = 0;
  return all;
}

}  // namespace daybook::eventstore
