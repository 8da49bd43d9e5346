#pragma once

#include "domain/kind_rules.h"

namespace daybook::domain {

/// A note stands on a contact, a deal or a company; its author is the member on whose behalf it was added.
KindRules note_rules();

}  // namespace daybook::domain
