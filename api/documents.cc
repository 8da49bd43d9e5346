#include "api/documents.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "eventstore/seal.h"

namespace daybook::api {
namespace {

constexpr std::size_t kTagBytes = 16;  // of the hash

// The first that fits.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kMediaTypes{{
    {".event.json", "application/cloudevents+json"},
    {".json", "application/json"},
    {".yaml", "application/yaml"},
    {".binpb", "application/protobuf"},
    {".proto", "text/plain; charset=utf-8"},
    {".txt", "text/plain; charset=utf-8"},
}};

std::string media_type_of(std::string_view path) {
  if (path.starts_with("schemas/")) return "application/schema+json";
  const auto fits = [&](const auto& type) { return path.ends_with(type.first); };
  const auto found = std::ranges::find_if(kMediaTypes, fits);
  return found == kMediaTypes.end() ? "application/octet-stream" : std::string(found->second);
}

std::string etag_of(std::string_view text) {
  return "\"" + eventstore::hexadecimal(eventstore::sha256({text})).substr(0, 2 * kTagBytes) + "\"";
}

}  // namespace

Documents documents_of(std::map<std::string, std::string> texts) {
  Documents documents;
  for (auto& [path, text] : texts) {
    std::string etag = etag_of(text);
    documents.emplace(path, Document{media_type_of(path), std::move(text), std::move(etag)});
  }
  return documents;
}

}  // namespace daybook::api
