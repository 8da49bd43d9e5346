#include "eventstore/writers.h"

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

namespace daybook::eventstore {

std::uint32_t partition_of(model::WorkspaceId workspace, std::uint32_t partitions) {
  std::uint64_t number = 0;
  for (std::size_t i = 8; i < workspace.value.bytes.size(); ++i) number = number << 8 | workspace.value.bytes[i];
  return static_cast<std::uint32_t>(number % partitions);
}

model::WorkspaceId workspace_of_partition(std::uint32_t partition) {
  model::WorkspaceId workspace;
  auto& bytes = workspace.value.bytes;
  for (auto byte = bytes.rbegin(); partition > 0; ++byte, partition >>= 8) *byte = static_cast<std::uint8_t>(partition);
  return workspace;
}

bool is_of_partition(model::WorkspaceId workspace) {
  const auto& bytes = workspace.value.bytes;
  return std::all_of(bytes.begin(), bytes.end() - sizeof(std::uint32_t), [](auto byte) { return byte == 0; });
}

Writers::Writers(Log& log, Keyring& keyring, CommitCodec& codec, Projection& projection,
                 const Writer::Options& options) {
  for (std::uint32_t partition = 0; partition < log.partition_count(); ++partition) {
    Writer::Options of_partition = options;
    of_partition.partition = partition;
    writers_.push_back(std::make_unique<Writer>(log, keyring, codec, projection, std::move(of_partition)));
  }
}

void Writers::start() {
  for (const auto& writer : writers_) writer->start();
}

void Writers::follow() {
  for (const auto& writer : writers_) writer->follow();
}

void Writers::assign(const std::set<std::uint32_t>& partitions) {
  for (std::uint32_t partition = 0; partition < partition_count(); ++partition) {
    if (partitions.contains(partition)) {
      writers_[partition]->take();
    } else {
      writers_[partition]->leave();
    }
  }
}

void Writers::wait_until_replaced(std::chrono::steady_clock::time_point deadline) {
  for (const auto& writer : writers_) writer->wait_until_replaced(deadline);
}

void Writers::submit(Submission submission) {
  Writer& writer = of(submission.workspace);
  writer.submit(std::move(submission));
}

// Side by side: each may have to wait for what is pending.
void Writers::stop() {
  std::vector<std::jthread> stops;
  for (const auto& writer : writers_) stops.emplace_back([&writer] { writer->stop(); });
}

WriterFigures Writers::figures() const {
  WriterFigures all = writers_.front()->figures();
  for (std::size_t i = 1; i < writers_.size(); ++i) all += writers_[i]->figures();
  return all;
}

}  // namespace daybook::eventstore
