#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string_view>

#include "domain/import/byte_source.h"

namespace daybook::projections {

/// The files of a state as one stream: a tar archive (POSIX.1-2001 pax) of plain files with plain names, and behind
/// them the file SHA256SUMS with a line for each in their order, as sha256sum writes it. So a stream that was cut off,
/// or changed on its way, is never taken for whole. Both ways take memory for one block, and a line a file.

/// Takes the next bytes. What it throws ends the packing.
using ByteSink = std::function<void(std::string_view bytes)>;

/// Packs the files of the directory, by name; directories in it are left out. Nobody changes them meanwhile. Throws
/// std::runtime_error where one cannot be read.
void pack_state(const std::filesystem::path& directory, const ByteSink& sink);

/// The archive is not what pack_state makes: cut off, changed, of other things than plain files, or too large.
class ArchiveRefused : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Unpacks into a new directory, of which at most so many bytes are filled; all of it is on stable storage when this
/// returns. Gives the bytes of the files. Throws ArchiveRefused, std::runtime_error where the disk does not take them,
/// and what the source throws; what was unpacked by then stays there.
std::uint64_t unpack_state(domain::ByteSource source, const std::filesystem::path& directory,
                           std::uint64_t limit_bytes);

}  // namespace daybook::projections
