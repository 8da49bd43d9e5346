#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "domain/import/byte_source.h"
#include "domain/result.h"

namespace daybook::api {

/// The file in an upload: a whole body, or the part `file` of a multipart/form-data body (RFC 7578).
struct UploadedFile {
  std::uint64_t begin = 0;  // offsets in the body
  std::uint64_t end = 0;
  std::string name{};     // as the client calls it; may be empty
  std::string options{};  // the part `options`; empty: none
};

/// Finds the file in a body that stands in `path`. Rejects other media types, and a multipart body without a `file`.
/// Reads the body once, in bounded memory.
domain::Result<UploadedFile> find_uploaded_file(const std::filesystem::path& path, std::string_view content_type);

/// The bytes of `path` from `begin` to `end`. Throws std::runtime_error where the file cannot be read.
domain::ByteSource read_range(const std::filesystem::path& path, std::uint64_t begin, std::uint64_t end);

}  // namespace daybook::api
