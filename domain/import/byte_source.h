#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <utility>

namespace daybook::domain {

/// Where the bytes of a file come from: fills the span from its start and says how many bytes it wrote; 0 is the end of
/// the file. A short answer is no end. A source that cannot read throws.
using ByteSource = std::move_only_function<std::size_t(std::span<char>)>;

/// Opens the same file again from its first byte. An import is read more than once: to judge it, to try it, to do it.
using OpenSource = std::function<ByteSource()>;

/// A source over text that is already in memory.
inline ByteSource text_source(std::string text) {
  return [text = std::move(text), at = std::size_t{0}](std::span<char> out) mutable {
    const std::size_t taken = text.copy(out.data(), out.size(), at);
    at += taken;
    return taken;
  };
}

}  // namespace daybook::domain
