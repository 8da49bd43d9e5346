#pragma once

#include <vector>

#include "daybook/v1/deal.pb.h"
#include "domain/draft.h"
#include "domain/kind_rules.h"

namespace daybook::domain {

/// Deals and how they move (rules 8 to 10). A deal changes stage only by these.

/// deal.created, and deal.won or deal.lost where it starts in such a stage; mails the owner only if `notify`.
Result<Events> create_deal(const v1::CreateDeal& command, v1::StageCause cause, const View& view,
                           const Context& context);

/// deal.stage_changed with deal.won, deal.lost or deal.reopened beside it, and the won mail. Rejects an unknown stage.
Result<Events> move_deal(const model::Uuid& id, const v1::MoveDeal& command, const std::optional<model::Uuid>& bulk,
                         const View& view, const Context& context);

/// Several deals at once, all or nothing: a bad id is an error at /ids/N.
struct BulkMove {
  Events events;
  std::size_t changed = 0;
  std::size_t unchanged = 0;
};
Result<BulkMove> move_deals(const std::vector<std::string>& ids, const v1::MoveDeal& command, const model::Uuid& bulk,
                            const View& view, const Context& context);

/// A merge patch: deal.assigned, deal.contact_linked or deal.contact_unlinked for what has an event of its own,
/// deal.updated for the rest.
Result<Events> update_deal(const model::Uuid& id, const model::Patch& patch, const View& view, const Context& context);

KindRules deal_rules();

}  // namespace daybook::domain
