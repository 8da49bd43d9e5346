#include "api/imports/upload_file.h"

#include <algorithm>
#include <fstream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <vector>

#include "api/server/message.h"
#include "eventstore/crash_point.h"

namespace daybook::api {
namespace {

constexpr std::size_t kPartHeaderBytes = 8192;
constexpr std::size_t kOptionsBytes = 65536;
constexpr std::size_t kPartsLimit = 20;
constexpr std::size_t kChunkBytes = std::size_t{64} << 10;

// A parameter of a header value: `boundary=x` or `boundary="x"`.
std::optional<std::string> parameter(std::string_view value, std::string_view name) {
  const std::string wanted = std::string(name) + "=";
  for (std::size_t at = value.find(';'); at != std::string_view::npos; at = value.find(';', at)) {
    at = std::min(value.find_first_not_of("; \t", at), value.size());
    if (!equals_ignoring_case(value.substr(at, wanted.size()), wanted)) continue;
    std::string_view text = value.substr(at + wanted.size());
    if (!text.starts_with('"')) return std::string(text.substr(0, text.find_first_of("; \t\r")));
    text.remove_prefix(1);
    return std::string(text.substr(0, text.find('"')));
  }
  return std::nullopt;
}

// Where `delimiter` stands in the file, each time; nothing if it stands there too often.
std::optional<std::vector<std::uint64_t>> find_all(std::ifstream& in, const std::string& delimiter) {
  std::vector<std::uint64_t> places;
  std::string window;
  std::uint64_t start = 0;  // of the window
  std::string chunk(kChunkBytes, '\0');
  while (in.read(chunk.data(), static_cast<std::streamsize>(chunk.size())), in.gcount() > 0) {
    window.append(chunk, 0, static_cast<std::size_t>(in.gcount()));
    std::size_t at = 0;
    for (std::size_t hit = window.find(delimiter); hit != std::string::npos; hit = window.find(delimiter, at)) {
      places.push_back(start + hit);
      at = hit + delimiter.size();
      if (places.size() > kPartsLimit) return std::nullopt;
    }
    const std::size_t kept = std::min(delimiter.size() - 1, window.size() - at);
    start += window.size() - kept;
    window.erase(0, window.size() - kept);
  }
  in.clear();
  return places;
}

std::string read_bytes(std::ifstream& in, std::uint64_t begin, std::uint64_t size) {
  std::string bytes(size, '\0');
  in.clear();
  in.seekg(static_cast<std::streamoff>(begin));
  in.read(bytes.data(), static_cast<std::streamsize>(size));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  return bytes;
}

std::string disposition_of(std::string_view headers) {
  constexpr std::string_view kName = "content-disposition:";
  while (!headers.empty()) {
    const std::size_t end = std::min(headers.find("\r\n"), headers.size());
    const std::string_view line = headers.substr(0, end);
    if (equals_ignoring_case(line.substr(0, kName.size()), kName)) return std::string(line.substr(kName.size()));
    headers.remove_prefix(std::min(end + 2, headers.size()));
  }
  return {};
}

domain::Result<UploadedFile> read_multipart(std::ifstream& in, const std::string& boundary) {
  const auto bad = [](std::string detail) { return domain::reject("malformed_request", std::move(detail)); };
  const std::string delimiter = "--" + boundary;
  const auto places = find_all(in, delimiter);
  if (!places) return bad("The multipart body has too many parts.");
  std::optional<UploadedFile> file;
  std::string options;
  for (std::size_t i = 0; i + 1 < places->size(); ++i) {
    const std::uint64_t begin = (*places)[i] + delimiter.size() + 2;
    const std::uint64_t end = (*places)[i + 1] < 2 ? 0 : (*places)[i + 1] - 2;  // the line end belongs to the delimiter
    if (end < begin) continue;
    const std::string head = read_bytes(in, begin, std::min<std::uint64_t>(kPartHeaderBytes, end - begin));
    const std::size_t blank = head.find("\r\n\r\n");
    if (blank == std::string::npos) return bad("A part of the multipart body has no header.");
    const std::string disposition = disposition_of(std::string_view(head).substr(0, blank));
    const std::uint64_t body = begin + blank + 4;
    const auto name = parameter(disposition, "name");
    if (name == "file") {
      file = UploadedFile{body, end, parameter(disposition, "filename").value_or(""), {}};
    } else if (name == "options") {
      if (end - body > kOptionsBytes) return domain::reject("too_large", "The options take more than 64 KiB.");
      options = read_bytes(in, body, end - body);
    }
  }
  if (!file) return bad("The multipart body has no part named file.");
  file->options = std::move(options);
  return *file;
}

}  // namespace

domain::Result<UploadedFile> find_uploaded_file(const std::filesystem::path& path, std::string_view content_type) {
  const std::string_view type = content_type.substr(0, content_type.find(';'));
  if (equals_ignoring_case(type, "multipart/form-data")) {
    const auto boundary = parameter(content_type, "boundary");
    if (!boundary || boundary->empty() || boundary->size() > 70) {
      return domain::reject("malformed_request", "The Content-Type names no boundary.");
    }
    std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read the uploaded file " + path.string());
    return read_multipart(in, *boundary);
  }
  if (!type.empty() && type.find("csv") == std::string_view::npos && !type.starts_with("text/") &&
      type != "application/octet-stream") {
    return domain::reject("unsupported_media_type", "Send the file as text/csv, or as multipart/form-data.");
  }
  return UploadedFile{0, std::filesystem::file_size(path), {}, {}};
}

domain::ByteSource read_range(const std::filesystem::path& path, std::uint64_t begin, std::uint64_t end) {
  auto in = std::make_shared<std::ifstream>(path, std::ios::binary);
  if (!*in) throw std::runtime_error("cannot read the uploaded file " + path.string());
  in->seekg(static_cast<std::streamoff>(begin));
  return [in, left = end - begin](std::span<char> out) mutable {
    const auto wanted = static_cast<std::streamsize>(std::min<std::uint64_t>(left, out.size()));
    in->read(out.data(), wanted);
    const auto got = static_cast<std::size_t>(in->gcount());
    if (got == 0 && wanted > 0) throw std::runtime_error("the uploaded file ended before its end");
    left -= got;
    eventstore::pass(eventstore::CrashPoint::kUpload);
    return got;
  };
}

}  // namespace daybook::api
