#pragma once

#include <optional>
#include <string_view>

#include "daybook/v1/deal.pb.h"
#include "domain/kind_rules.h"

namespace daybook::domain {

/// lead, qualified, proposal, negotiation, won, lost: what a workspace starts with (rule 8).
v1::Pipeline default_pipeline();

/// The workspace's first live pipeline.
std::optional<model::Uuid> first_pipeline(const View& view);

/// The pipeline named by an id or by `default`; a rejection at /pipeline otherwise.
Result<model::Uuid> find_pipeline(std::string_view name, const View& view);

/// The keys of the stages of all live pipelines, archived ones too, each once.
std::vector<std::string> stage_keys(const View& view);

/// The stage with this key or, in any case, this label; archived ones are not found.
const v1::Stage* find_stage(const v1::Pipeline& pipeline, std::string_view key_or_label);

KindRules pipeline_rules();

}  // namespace daybook::domain
