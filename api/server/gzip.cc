#include "api/server/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <new>

#include "api/server/separated.h"

namespace daybook::api {
namespace {

constexpr std::size_t kSmallest = 1024;
constexpr int kFast = 3;              // half the time of the usual 6 for a few per cent more bytes
constexpr int kGzipWindow = 15 + 16;  // 32 KiB, in a gzip wrapper

// Whether an element such as "gzip;q=0.5" has a weight above zero.
bool is_wanted(std::string_view parameters) {
  const auto weight = parameters.find("q=");
  if (weight == std::string_view::npos) return true;
  return parameters.substr(weight + 2).find_first_of("123456789") != std::string_view::npos;
}

}  // namespace

bool accepts_gzip(const Request& request) {
  std::string_view rest = request.header("Accept-Encoding").value_or("");
  bool any = false;
  while (!rest.empty()) {
    std::string_view parameters = take_until(',', rest);
    const std::string_view coding = trimmed(take_until(';', parameters));
    const bool wanted = is_wanted(parameters);
    if (equals_ignoring_case(coding, "gzip")) return wanted;
    if (coding == "*") any = wanted;
  }
  return any;
}

bool is_worth_gzip(const Response& response) {
  if (response.body.size() <= kSmallest || response.header("Content-Encoding")) return false;
  const std::string_view type = response.header("Content-Type").value_or("");
  constexpr std::array<std::string_view, 6> kTexts = {"text/", "json", "xml", "javascript", "csv", "yaml"};
  return std::ranges::any_of(kTexts, [type](std::string_view text) { return type.contains(text); });
}

std::optional<std::string> gzip(std::string_view text) {
  ::z_stream stream{};
  if (::deflateInit2(&stream, kFast, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
  std::string out(text.size(), '\0');
  stream.next_in = reinterpret_cast<::Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<::uInt>(text.size());
  stream.next_out = reinterpret_cast<::Bytef*>(out.data());
  stream.avail_out = static_cast<::uInt>(out.size());
  const int result = ::deflate(&stream, Z_FINISH);
  const std::size_t size = stream.total_out;
  ::deflateEnd(&stream);
  if (result != Z_STREAM_END) return std::nullopt;
  out.resize(size);
  return out;
}

}  // namespace daybook::api
