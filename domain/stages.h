#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daybook/v1/deal.pb.h"
#include "domain/context.h"
#include "domain/facts.h"
#include "domain/result.h"

namespace daybook::domain {

/// The stages of a pipeline as people configure them (rule 8).

/// pipeline.updated: these stages, in this order. A stage that is left out goes. Rejects `stage_in_use` where a deal
/// stands in a stage that would go or become of another kind, since that would win, lose or reopen it by the way.
Result<Events> set_stages(const model::Uuid& pipeline, const v1::SetStages& command, const View& view,
                          const Context& context);

/// The stage goes; deals in it move to the replacement first, as by a bulk move. Rejects `stage_in_use` where there are
/// some and no replacement, and the last stage. At most 5,000 deals are moved.
Result<Events> remove_stage(const model::Uuid& pipeline, std::string_view key,
                            const std::optional<std::string>& replacement, const View& view, const Context& context);

/// As any deletion; rejects `in_use` also of the last pipeline, for deals need one.
Result<Events> remove_pipeline(const model::Uuid& id, const View& view, const Context& context);

}  // namespace daybook::domain
