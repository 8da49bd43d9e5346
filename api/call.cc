#include "api/call.h"

#include <algorithm>

#include "api/json/suggestion.h"

namespace daybook::api {

Call::Call(std::shared_ptr<Exchange> exchange, const Service& service, const Route& route, PathValues values,
           Principal principal, Parameters parameters, std::string request_id)
    : exchange_(std::move(exchange)),
      service_(service),
      route_(route),
      values_(std::move(values)),
      principal_(std::move(principal)),
      parameters_(std::move(parameters)),
      request_id_(std::move(request_id)) {}

std::optional<std::string> Call::parameter(std::string_view name) const {
  for (const auto& [known, value] : parameters_) {
    if (known == name) return value;
  }
  return std::nullopt;
}

bool Call::allow_parameters(std::initializer_list<std::string_view> names) {
  std::vector<std::string_view> known(names);
  known.push_back(route_.method == "GET" ? "min_position" : "dry_run");
  for (const auto& [name, value] : parameters_) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    if (name == "as_of" && route_.method == "GET") {
      reject("as_of_not_supported", "This shows the present only; single records take as_of.");
      return false;
    }
    const std::string_view nearest = nearest_name(name, known);
    std::string detail = "There is no parameter " + name + " here";
    detail += nearest.empty() ? "." : "; did you mean " + std::string(nearest) + "?";
    reject("unknown_parameter", detail);
    return false;
  }
  return true;
}

void Call::reply(Response response) {
  response.set_header("X-Request-Id", request_id_);
  exchange_->reply(std::move(response));
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
  reply(problem(rejection, request_id_, exchange_->request().path));
}

void Call::reject(std::string_view code, std::string_view detail) {
  reply(problem(code, detail, request_id_, exchange_->request().path));
}

void Call::not_found() { reject("not_found", "There is no such thing."); }

}  // namespace daybook::api
