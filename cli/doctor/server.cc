#include "cli/doctor/server.h"

#include <array>

#include "cli/doctor/listening.h"
#include "cli/doctor/lock_holder.h"
#include "cli/serve_options.h"

namespace daybook::cli {
namespace {

using From = ServerPlace::From;
using Kind = Answer::Kind;

constexpr std::chrono::seconds kClockTolerance{10};

const std::string kName = "server";

struct Remedy {
  std::string_view reason;
  std::string_view remedy;
};
constexpr std::array kRemedies{
    Remedy{"log failed", "see the last lines of the server and its disk, then start it again"},
    Remedy{"log unreachable", "start the brokers that are down; see the checks of Kafka"},
    Remedy{"log replaced", "stop the server that started later, and start this one again; or give each a --node-url"},
    Remedy{"log no_owner",
           "start the node that is missing, or give each a --node-url of its own: see the checks of nodes"},
    Remedy{"disk full", "free space on its volume; see the check of the disk"},
    Remedy{"workspaces damaged", "stop the server, and: daybook verify --data DIR"},
};

// A wildcard is reached through loopback.
std::string reachable(const std::string& host) {
  if (host == "0.0.0.0") return "127.0.0.1";
  return host == "::" ? "::1" : host;
}

std::string_view trouble(Kind kind) {
  switch (kind) {
    case Kind::kNobody:
      return "nobody listens at ";
    case Kind::kSilent:
      return "no answer came within two seconds from ";
    case Kind::kStranger:
    case Kind::kDaybook:
      break;
  }
  return "it is no Daybook that answers at ";
}

// The server that was looked for.
Check check_answer(const std::string& url, const Readiness& readiness) {
  const std::string found = url + " is " + readiness_text(readiness);
  if (!readiness.is_ready || !readiness.reasons.empty()) return failure(kName, found, remedy_for(readiness));
  if (readiness.lag < kMuchLag) return ok(kName, found);
  return warning(kName, found,
                 "watch it: curl -s " + url + "/readyz  # should it not fall, see its disk and processor");
}

// Nobody has the data open, so whoever answers at the address of the settings has other data.
Check check_other(const std::string& url, Kind kind) {
  if (kind == Kind::kNobody) return ok(kName, "it is not running");
  const std::string who = kind == Kind::kDaybook ? "a Daybook with other data" : "another program";
  return warning(kName, "it is not running, and " + who + " listens at " + url,
                 "stop that one, or start this one with another --listen");
}

Check check_failed(const ServerPlace& place, Kind kind, std::optional<long> holder) {
  if (place.from == From::kOption) {
    return failure(kName, std::string(trouble(kind)) + place.url, "daybook serve  # there, or give another --url");
  }
  const std::string pid = std::to_string(*holder);
  return failure(kName, process_text(*holder) + " has the data open, and " + std::string(trouble(kind)) + place.url,
                 "see its last lines; should it hang, kill " + pid + " and start it again");
}

}  // namespace

std::optional<ServerPlace> place_of_server(const NodeOptions& options, std::optional<long> holder,
                                           const std::string& url_option) {
  if (!url_option.empty()) return ServerPlace{url_option, From::kOption};
  if (holder && can_see_sockets_of(*holder)) {
    const auto listening = listening_of(*holder);
    if (!listening) return std::nullopt;
    return ServerPlace{url_of(listening->host, listening->port), From::kProcess};
  }
  if (options.http.port == 0) return std::nullopt;
  return ServerPlace{url_of(reachable(options.http.host), options.http.port), From::kSettings};
}

std::string readiness_text(const Readiness& readiness) {
  std::string text = readiness.is_ready ? "ready" : "not ready";
  if (readiness.status == "stopping") text += ": stopping";
  for (std::size_t i = 0; i < readiness.reasons.size(); ++i) {
    const bool begins = i == 0 && readiness.status != "stopping";
    text += (begins ? (readiness.is_ready ? ", but: " : ": ") : ", ") + readiness.reasons[i];
  }
  return text + ", " + std::to_string(readiness.lag) + " records behind";
}

std::string remedy_for(const Readiness& readiness) {
  for (const std::string& reason : readiness.reasons) {
    for (const Remedy& known : kRemedies) {
      if (known.reason == reason) return std::string(known.remedy);
    }
  }
  return readiness.status == "stopping" ? "daybook serve  # once it has ended" : "see the last lines of the server";
}

std::optional<Check> check_clock_of(const std::string& url, const Answer& answer) {
  if (!answer.ahead) return std::nullopt;
  const std::string name = "clock of " + url;
  const auto off = answer.ahead->count() < 0 ? -*answer.ahead : *answer.ahead;
  if (off <= kClockTolerance) return ok(name, "it agrees with the one here");
  return warning(name,
                 "it is " + std::to_string(off.count()) + " seconds " +
                     (answer.ahead->count() < 0 ? "behind" : "ahead of") + " the one here",
                 "sudo timedatectl set-ntp true  # on both machines");
}

Checks check_server(const std::optional<ServerPlace>& place, std::optional<long> holder) {
  if (!place && !holder) return {ok(kName, "it is not running")};
  if (!place) {
    return {warning(kName, process_text(*holder) + " has the data open, and takes no connections",
                    "ps -fp " + std::to_string(*holder) +
                        "  # a server that starts reads the log first; others are commands over the log")};
  }
  const Answer answer = ask_readiness(place->url);
  if (place->from == From::kSettings && !holder) return {check_other(place->url, answer.kind)};
  if (answer.kind != Kind::kDaybook) return {check_failed(*place, answer.kind, holder)};
  Checks checks{check_answer(place->url, answer.readiness)};
  if (auto clock = check_clock_of(place->url, answer)) checks.push_back(std::move(*clock));
  return checks;
}

}  // namespace daybook::cli
