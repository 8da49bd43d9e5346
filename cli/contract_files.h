#pragma once

#include <map>
#include <string>

namespace daybook::cli {

/// The contract of the public events as files, made from the model: a JSON Schema (2020-12) for the data of each type
/// (schemas/), an event of each (samples/, see contract_samples.h), asyncapi.yaml (3.0, written as JSON, which YAML
/// includes), the .proto files (proto/), daybook.binpb (a FileDescriptorSet of every message), and fields.txt, one line
/// a field of them, which is what may never change. By path, always the same bytes; some 3 MB.
std::map<std::string, std::string> contract_files();

}  // namespace daybook::cli
