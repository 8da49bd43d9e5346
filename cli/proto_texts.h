#pragma once

#include <span>
#include <string_view>

namespace daybook::cli {

/// The .proto files of the source tree as they were at build time (cmake/Embed.cmake).
struct ProtoText {
  std::string_view name;  // as an import says it
  std::string_view text;
};
extern const std::span<const ProtoText> kProtoTexts;

}  // namespace daybook::cli
