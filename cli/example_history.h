#pragma once

#include "cli/example_workspace.h"

namespace daybook::cli {

/// What happens in the example workspace: a few people, what they sell, and what goes wrong, by the decisions that the
/// routes make as well.
void tell_history(ExampleWorkspace& workspace);

}  // namespace daybook::cli
