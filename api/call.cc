#include "api/call.h"

#include <algorithm>
#include <array>

#include "api/json/suggestion.h"
#include "api/metrics/http_figures.h"

namespace daybook::api {
namespace {

constexpr std::array<std::string_view, 3> kFlags{"commit", "dry_run", "include_deleted"};

bool is_lower_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// 00-<trace>-<parent>-<flags>, of a version we know, and neither id all zeros.
bool is_traceparent(std::string_view text) {
  if (text.size() != 55 || text[2] != '-' || text[35] != '-' || text[52] != '-') return false;
  const std::string_view trace = text.substr(3, 32);
  const std::string_view parent = text.substr(36, 16);
  if (text.substr(0, 2) != "00" || !is_lower_hex(trace) || !is_lower_hex(parent) || !is_lower_hex(text.substr(53)))
    return false;
  return trace.find_first_not_of('0') != std::string_view::npos &&
         parent.find_first_not_of('0') != std::string_view::npos;
}

std::string request_id_of(const Request& request, const Service& service) {
  const auto given = request.header("X-Request-Id");
  if (given && !given->empty() && given->size() <= 128 &&
      std::all_of(given->begin(), given->end(), [](char c) { return c > 0x20 && c < 0x7F; })) {
    return std::string(*given);
  }
  return service.random_id().text();
}

}  // namespace

Tracing tracing_of(const Request& request, const Service& service) {
  const std::string_view parent = request.header("traceparent").value_or(std::string_view{});
  return {request_id_of(request, service), is_traceparent(parent) ? std::string(parent) : std::string(),
          std::chrono::steady_clock::now()};
}

void add_tracing(const Tracing& tracing, const Service& service, Response& response) {
  response.set_header("X-Request-Id", tracing.request_id);
  if (tracing.traceparent.empty()) return;
  std::string span;  // the random half of a new id
  for (const char c : service.random_id().text().substr(18)) {
    if (c != '-') span += c;
  }
  response.set_header("traceparent", tracing.traceparent.substr(0, 36) + span + tracing.traceparent.substr(52));
}

Call::Call(std::shared_ptr<Exchange> exchange, const Service& service, const Route& route, PathValues values,
           Principal principal, Parameters parameters, Tracing tracing)
    : exchange_(std::move(exchange)),
      service_(service),
      route_(route),
      values_(std::move(values)),
      principal_(std::move(principal)),
      parameters_(std::move(parameters)),
      tracing_(std::move(tracing)) {}

std::optional<std::string> Call::parameter(std::string_view name) const {
  for (const auto& [known, value] : parameters_) {
    if (known == name) return value;
  }
  return std::nullopt;
}

bool Call::is_cached(const std::string& etag) const {
  const auto if_none_match = request().header("If-None-Match");
  return if_none_match && (*if_none_match == "*" || if_none_match->find(etag) != std::string_view::npos);
}

bool Call::allow_parameters(std::initializer_list<std::string_view> names) {
  std::vector<std::string_view> known(names);
  known.push_back(route_.method == "GET" ? "min_position" : "dry_run");
  for (const auto& [name, value] : parameters_) {
    if (auto refusal = parameter_refusal(name, value, known)) {
      reject(*refusal);
      return false;
    }
  }
  return true;
}

// What is wrong with a parameter: a flag that is neither true nor false must not be taken for false.
std::optional<domain::Rejection> Call::parameter_refusal(const std::string& name, const std::string& value,
                                                         const std::vector<std::string_view>& known) const {
  const auto refusal = [&](std::string_view code, std::string detail) {
    return domain::Rejection{std::string(code), detail, {{name, std::string(code), detail}}};
  };
  if (std::find(known.begin(), known.end(), name) == known.end()) {
    if (name == "as_of" && route_.method == "GET") {
      return refusal("as_of_not_supported", "This shows the present only; single records take as_of.");
    }
    const std::string_view nearest = nearest_name(name, known);
    std::string detail = "There is no parameter " + name + " here";
    return refusal("unknown_parameter",
                   detail + (nearest.empty() ? "." : "; did you mean " + std::string(nearest) + "?"));
  }
  const auto same = [&](const auto& other) { return other.first == name; };
  if (std::count_if(parameters_.begin(), parameters_.end(), same) > 1) {
    return refusal("invalid_parameter", name + " is given twice.");
  }
  const bool is_flag = std::find(kFlags.begin(), kFlags.end(), name) != kFlags.end();
  if (is_flag && value != "true" && value != "false") {
    return refusal("invalid_parameter", name + " must be true or false.");
  }
  return std::nullopt;
}

Call Call::in_workspace(model::WorkspaceId workspace) const {
  Call call = *this;
  call.principal_.workspace = workspace;
  return call;
}

void Call::reply(Response response) {
  add_tracing(tracing_, service_, response);
  const unsigned status = response.status;
  if (exchange_->reply(std::move(response))) count(status);
}

bool Call::start_stream(Response head) {
  add_tracing(tracing_, service_, head);
  const unsigned status = head.status;
  const bool started = exchange_->start_stream(std::move(head));
  if (started) count(status);
  return started;
}

void Call::count(unsigned status) const {
  if (service_.http == nullptr) return;
  service_.http->answered(&route_, status, std::chrono::steady_clock::now() - tracing_.started);
}

void Call::reply_json(unsigned status, std::string body, std::uint64_t position) {
  Response response;
  response.status = status;
  response.set_header("Content-Type", "application/json");
  response.set_header("Daybook-Position", std::to_string(position));
  response.body = std::move(body);
  reply(std::move(response));
}

void Call::reject(const domain::Rejection& rejection) {
  reply(problem(rejection, request_id(), exchange_->request().path));
}

void Call::reject(std::string_view code, std::string_view detail) {
  reply(problem(code, detail, request_id(), exchange_->request().path));
}

void Call::reject_parameter(std::string_view name, std::string_view detail) {
  const std::string code = "invalid_parameter";
  reject(domain::Rejection{code, std::string(detail), {{std::string(name), code, std::string(detail)}}});
}

void Call::not_found() { reject("not_found", "There is no such thing."); }

}  // namespace daybook::api
