#pragma once

#include "cli/example_workspace.h"

namespace daybook::cli {

/// Lets every public event happen that has not yet: what the domain decides for all kinds alike, the events that go on
/// with a large deletion or merge, and, of events that nobody has told a story about, one with a value in each field.
void add_missing_events(ExampleWorkspace& workspace);

}  // namespace daybook::cli
