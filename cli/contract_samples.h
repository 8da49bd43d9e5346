#pragma once

#include <map>
#include <string>

namespace daybook::cli {

/// One event of each public type, from an example workspace whose events are decided, folded and shown as on a server:
/// `<type>.headers.json` (key and headers of its message on the topic), `<type>.value.json` (the message's value, to
/// the byte) and `<type>.event.json` (the same event as the feed shows it). Always the same bytes.
std::map<std::string, std::string> contract_samples();

}  // namespace daybook::cli
