#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <unordered_map>

#include "model/uuid.h"

namespace daybook::consumers {

/// Which events of which workspaces are still to be published, in order and workspaces in turn. Pure; one thread uses
/// it. Positions are those of a workspace's events. A workspace of which everything is published is forgotten.
class Backlog {
 public:
  /// The events from `first` to `last` are there. Of a workspace that is known `first` counts only before anything of
  /// it was taken: the lowest one holds.
  void add(model::WorkspaceId workspace, std::uint64_t first, std::uint64_t last);

  /// Events to publish next, at most `limit` of one workspace; nothing when all are taken.
  struct Run {
    model::WorkspaceId workspace;
    std::uint64_t first = 0;
    std::uint64_t last = 0;
  };
  std::optional<Run> take(std::uint64_t limit);
  bool has_more() const { return !turn_.empty(); }

  /// The event is on the topic for good, and those before it.
  void published(model::WorkspaceId workspace, std::uint64_t position);
  /// The event was found on the topic, in order: nothing happens unless it is the next one that is missed.
  void found(model::WorkspaceId workspace, std::uint64_t position);
  /// What was taken and is not published is to be taken again.
  void rewind();

  /// A place in the log with everything before it added already, and when that was so.
  struct Mark {
    std::uint64_t log_offset = 0;
    std::int64_t time_us = 0;
  };
  /// Keeps the mark until everything added so far is published. The one before it is given up.
  void set(Mark mark);
  bool has_mark() const { return mark_.has_value(); }
  /// The mark, once, when everything before it is published.
  std::optional<Mark> take_passed();

  /// Events not published yet.
  std::uint64_t size() const { return size_; }

 private:
  struct Span {
    std::uint64_t published = 0;  // the last position that is
    std::uint64_t taken = 0;
    std::uint64_t last = 0;
    bool is_in_turn = false;
  };

  void line_up(model::WorkspaceId workspace, Span& span);

  std::map<model::WorkspaceId, Span> spans_;
  std::deque<model::WorkspaceId> turn_;  // those with something to take
  std::uint64_t size_ = 0;
  std::optional<Mark> mark_;
  std::unordered_map<model::WorkspaceId, std::uint64_t> awaited_;  // last positions before the mark
};

}  // namespace daybook::consumers
