#pragma once

#include <map>
#include <string>

namespace daybook::cli {

/// The contract of the public events as files, made from the model: a JSON Schema (2020-12) for the data of each type,
/// asyncapi.yaml (3.0, written as JSON, which YAML includes), daybook.binpb (a FileDescriptorSet of every message), and
/// fields.txt, one line a field of them, which is what may never change.
std::map<std::string, std::string> contract_files();

}  // namespace daybook::cli
