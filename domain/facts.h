#pragma once

#include <string>
#include <string_view>

#include "domain/context.h"
#include "domain/result.h"
#include "domain/store.h"
#include "model/record.h"

namespace daybook::domain {

/// The decisions that every kind shares: create and update (delete and restore are in deletion.h). A kind adds
/// defaults, normal forms and checks of its own (kind_rules.h); everything else follows from its proto.

/// The record if it is there and live. Rejects with not_found, `deleted`, or `merged` naming the survivor.
Result<std::string> find_live(const model::Kind& kind, const model::Uuid& id, const View& view);

/// One <kind>.created. Rejects missing required fields, references to nothing, broken rules of the kind, taken keys.
/// `id` is given where something outside already names the record: an API key's text holds its id.
Result<Event> create(const model::Kind& kind, std::string_view record, const View& view, const Context& context,
                     const std::optional<model::Uuid>& id = {});

/// One <kind>.updated with exactly what changes, or no event. A currency changes together with its amount alone (rule
/// 16). What was wrong with the record before, by a setting that changed since, does not stand in the way.
Result<Events> update(const model::Kind& kind, const model::Uuid& id, const model::Patch& patch, const View& view);

/// Every error of a record that is about to stand: required fields, references, rules of the kind. `changed` says which
/// references are looked at.
std::vector<FieldError> check_record(const model::Kind& kind, std::string_view record,
                                     const std::vector<std::uint32_t>& changed, const View& view);

/// Leaves out of `errors` what was wrong with the record before in the same way (`before`), in fields that did not
/// change.
void forgive_old(std::vector<FieldError>& errors, const std::vector<FieldError>& before, const model::Kind& kind,
                 const std::vector<std::uint32_t>& changed);

/// The rejection if a unique value of the record is held by another live record.
std::optional<Rejection> check_unique(const model::Kind& kind, const model::Uuid& id, std::string_view record,
                                      const View& view);

}  // namespace daybook::domain
