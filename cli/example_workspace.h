#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "domain/context.h"
#include "domain/result.h"
#include "domain/rows.h"
#include "domain/store.h"

namespace daybook::cli {

/// A workspace in memory, with no log and no server: what happens in it is decided by the domain and folded as on a
/// server. Ids and times are counted, so the same decisions make the same bytes. Not thread-safe.
class ExampleWorkspace {
 public:
  using Decide = std::function<domain::Result<domain::Events>(const domain::View&, const domain::Context&)>;

  /// Hears of each commit: its events, and the rows that it changes.
  using Listener = std::function<void(const domain::Events&, const domain::LayerRows::Changes&)>;

  explicit ExampleWorkspace(Listener listener = {});
  ExampleWorkspace(const ExampleWorkspace&) = delete;
  ExampleWorkspace& operator=(const ExampleWorkspace&) = delete;

  model::WorkspaceId id() const { return id_; }
  const domain::RowReader& rows() const { return rows_; }
  domain::View view() const { return {rows_, id_}; }

  /// On whose behalf everything happens from now on.
  void acts(const domain::Actor& actor, const model::Uuid& member);

  /// What was decided, folded as one commit, a minute after the one before; `origin` is what its events say. Throws
  /// std::logic_error where the domain refuses it.
  domain::Events happen(std::string_view origin, const Decide& decide);
  /// The same where the domain may refuse it: whether anything happened then.
  bool may_happen(std::string_view origin, const Decide& decide);

  /// The position of the first event of each name.
  const std::map<std::string, std::uint64_t>& first_positions() const { return first_positions_; }
  bool has_seen(const std::string& event) const { return first_positions_.contains(event); }

  /// An id that nothing else has.
  model::Uuid new_id();

 private:
  domain::Result<domain::Events> decided(std::string_view origin, const Decide& decide);

  const Listener listener_;
  model::WorkspaceId id_;
  domain::MemoryRows rows_;
  domain::Actor actor_;
  model::Uuid member_;
  std::int64_t time_us_;
  std::uint32_t ids_ = 0;
  std::uint64_t next_position_ = 1;
  std::map<std::string, std::uint64_t> first_positions_;
};

}  // namespace daybook::cli
