#pragma once

#include <cstdint>
#include <functional>
#include <random>

#include "daybook/v1/contact.pb.h"
#include "model/uuid.h"
#include "projections/state_store.h"

namespace daybook::bench {

inline constexpr std::uint64_t kSeed = 20260117;

/// An id of some other record: family 1 owners, 2 companies, 3 tags.
model::Uuid other_id(std::uint32_t family, std::uint64_t number);
std::string bytes(const model::Uuid& id);

/// The contacts of a workspace of `count`, the same ones each time.
void for_each_made_contact(std::uint64_t count,
                           const std::function<void(const model::Uuid&, const v1::Contact&)>& visit);

/// Writes their records and all rows that follow from them.
void fill(projections::StateStore& store, model::WorkspaceId workspace, std::uint64_t count);

}  // namespace daybook::bench
