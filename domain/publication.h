#pragma once

#include <optional>

#include "daybook/v1/workspace.pb.h"
#include "domain/context.h"
#include "domain/result.h"
#include "domain/store.h"

namespace daybook::domain {

/// How far the topic was written, as the publisher last reported it. In the workspace of a partition of the log.
std::optional<v1::Publication> find_publication(const std::string& topic, const View& view);

/// The publisher's report. One that says nothing newer of the same log emits nothing.
Result<Events> report_published(const v1::Publication& reported, const View& view, const Context& context);

}  // namespace daybook::domain
