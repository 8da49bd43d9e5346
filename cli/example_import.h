#pragma once

#include "cli/example_workspace.h"

namespace daybook::cli {

/// Files of contacts that are uploaded to the example workspace: one that comes in, one that does not, one that is
/// given up.
void tell_imports(ExampleWorkspace& workspace);

}  // namespace daybook::cli
