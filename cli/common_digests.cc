#include "cli/common_digests.h"

namespace daybook::cli {
namespace {

constexpr std::size_t kDigits = 16;

}  // namespace

std::map<std::string, std::string> common_digests(const eventstore::Key& master,
                                                  const std::map<std::string, std::string>& texts) {
  const eventstore::Key key = eventstore::derive_key(master, "daybook.settings", {});
  std::map<std::string, std::string> digests;
  for (const auto& [name, text] : texts) {
    digests[name] = eventstore::hexadecimal(eventstore::keyed_hash(key, name + '=' + text)).substr(0, kDigits);
  }
  return digests;
}

}  // namespace daybook::cli
