#pragma once

#include <map>
#include <string>

#include "eventstore/seal.h"

namespace daybook::cli {

/// A digest of each of these texts under its name: 16 digits, keyed under the master key. Nodes with the same key see
/// in them which of their texts differ; nobody can guess a text by its digest.
std::map<std::string, std::string> common_digests(const eventstore::Key& master,
                                                  const std::map<std::string, std::string>& texts);

}  // namespace daybook::cli
