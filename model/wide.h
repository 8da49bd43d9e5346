#pragma once

namespace daybook::model {

/// 128-bit sums: a workspace's deals may add up to more than 64 bits of minor units (domain.md rule 16).
__extension__ using Wide = __int128;

}  // namespace daybook::model
