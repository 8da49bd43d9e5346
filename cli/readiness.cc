#include "cli/readiness.h"

#include <algorithm>
#include <ctime>
#include <nlohmann/json.hpp>

#include "cli/exit_codes.h"
#include "cli/http_client.h"

namespace daybook::cli {
namespace {

using nlohmann::json;

constexpr Patience kPatience{.connect = std::chrono::seconds(2), .answer = std::chrono::seconds(2)};

PartitionPlace place_of(const json& place) {
  PartitionPlace out{place.at("partition"), place.at("role"), {}, 0};
  if (!place.at("owner").is_null()) out.owner = place.at("owner");
  const std::uint64_t end = place.at("end_offset");
  const std::uint64_t applied = place.at("applied_offset");
  out.lag = end - std::min(applied, end);
  return out;
}

// A node of an earlier version says nothing of itself.
std::optional<NodeSelf> node_of(const json& document) {
  const auto node = document.find("node");
  if (node == document.end()) return std::nullopt;
  return NodeSelf{node->at("url"), node->at("instance"), node->at("settings")};
}

Readiness readiness_of(const json& document) {
  const json& checks = document.at("checks");
  Readiness out;
  out.status = document.at("status");
  out.is_ready = out.status == "ok";
  out.log_end = checks.at("log").at("end_offset");
  out.lag = checks.at("lag").at("records");
  for (const auto& [name, check] : checks.items()) {
    const std::string state = check.at("state");
    if (state != "ok" && name != "lag") out.reasons.push_back(name + " " + state);
  }
  out.node = node_of(document);
  for (const json& place : document.value("partitions", json::array())) out.partitions.push_back(place_of(place));
  return out;
}

}  // namespace

std::optional<Readiness> parse_readiness(std::string_view body) {
  try {
    return readiness_of(json::parse(body));
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

std::optional<std::chrono::seconds> seconds_after(const std::string& http_date,
                                                  std::chrono::system_clock::time_point other) {
  std::tm utc{};
  if (strptime(http_date.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &utc) == nullptr) return std::nullopt;
  const auto date = std::chrono::system_clock::from_time_t(timegm(&utc));
  return std::chrono::floor<std::chrono::seconds>(date - std::chrono::floor<std::chrono::seconds>(other));
}

Answer ask_readiness(const std::string& url) {
  try {
    const HttpAnswer answer = HttpClient(url, {}, kPatience).send("GET", "/readyz");
    const auto readiness = parse_readiness(answer.body);
    if (!readiness) return {.kind = Answer::Kind::kStranger};
    return {Answer::Kind::kDaybook, *readiness, seconds_after(answer.header("date"), std::chrono::system_clock::now())};
  } catch (const NotReachable& error) {
    return {.kind = error.was_connected() ? Answer::Kind::kSilent : Answer::Kind::kNobody};
  } catch (const UsageError&) {  // A member of the group may call itself anything.
    return {};
  }
}

}  // namespace daybook::cli
