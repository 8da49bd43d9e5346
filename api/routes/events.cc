#include "api/event_stream.h"
#include "api/page.h"
#include "api/routes/reads.h"
#include "projections/projector.h"

namespace daybook::api {
namespace {

constexpr std::uint64_t kLongestWaitS = 60;
constexpr std::size_t kEventsPerChunk = 100;
constexpr std::size_t kBytesPerChunk = 256 << 10;

// A number of the query, or of the header that stands in its place.
std::optional<std::uint64_t> number_of(Call& call, std::string_view name, std::optional<std::string> text) {
  if (!text) return 0;
  const auto number = parse_position(*text);
  if (!number) call.reject_parameter(name, std::string(name) + " is a whole number.");
  return number;
}

bool wants_stream(const Request& request) {
  const auto accept = request.header("Accept");
  return accept && accept->find("text/event-stream") != std::string_view::npos;
}

// Where the feed begins. A stream that was interrupted says so by Last-Event-ID, which then counts.
std::optional<std::uint64_t> start_of(Call& call, bool stream) {
  auto after = call.parameter("after");
  const auto last_seen = call.request().header("Last-Event-ID");
  if (stream && last_seen) after = std::string(*last_seen);
  const auto position = number_of(call, "after", std::move(after));
  if (!position) return std::nullopt;
  const std::uint64_t last = projections::read_head(*call.rows()).last_position();
  if (*position <= last) return position;
  call.reject("position_ahead", "The last event is at position " + std::to_string(last) + ".");
  return std::nullopt;
}

std::optional<FeedRequest> request_of(Call& call, bool stream) {
  FeedRequest request;
  if (const auto text = call.parameter("types")) {
    auto types = parse_event_types(*text);
    if (!types) {
      call.reject_parameter("types", types.error());
      return std::nullopt;
    }
    request.types = std::move(*types);
  }
  const auto limit = page_limit(call);
  if (!limit) return std::nullopt;
  request.limit = *limit;
  if (stream) request.limit = kEventsPerChunk;
  if (stream) request.bytes = kBytesPerChunk;
  const auto after = start_of(call, stream);
  if (!after) return std::nullopt;
  request.after = *after;
  return request;
}

}  // namespace

void get_events(Call& call) {
  if (!call.allow_parameters({"after", "types", "limit", "wait"})) return;
  const bool stream = wants_stream(call.request());
  auto request = request_of(call, stream);
  if (!request) return;
  if (stream) return std::make_shared<EventStream>(call, std::move(*request))->start();
  const auto wait_s = number_of(call, "wait", call.parameter("wait"));
  if (!wait_s) return;
  if (*wait_s > kLongestWaitS) {
    return call.reject_parameter("wait", "wait is at most " + std::to_string(kLongestWaitS) + " seconds.");
  }
  std::make_shared<LongPoll>(call, std::move(*request), std::chrono::seconds(*wait_s))->start();
}

}  // namespace daybook::api
