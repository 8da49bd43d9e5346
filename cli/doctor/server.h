#pragma once

#include <optional>
#include <string>

#include "cli/doctor/report.h"
#include "cli/node.h"
#include "cli/readiness.h"

namespace daybook::cli {

/// Where the server of these settings is looked for.
struct ServerPlace {
  enum class From : std::uint8_t {
    kOption,    // --url
    kProcess,   // the process that has the data open listens there
    kSettings,  // listen
  };
  std::string url;
  From from = From::kSettings;
};

/// Nothing where no address can be known: with port 0, or of a process that does not listen yet.
std::optional<ServerPlace> place_of_server(const NodeOptions& options, std::optional<long> holder,
                                           const std::string& url_option);

/// Whether the server takes requests, and why not; that none is running is no fault, unless it was named.
Checks check_server(const std::optional<ServerPlace>& place, std::optional<long> holder);

/// "ready, 0 records behind", "not ready: disk full, 3 records behind".
std::string readiness_text(const Readiness& readiness);

/// What ends the first of the reasons for which a server is not as it should be.
std::string remedy_for(const Readiness& readiness);

/// The clock of whoever answered against this one; nothing where the answer tells none.
std::optional<Check> check_clock_of(const std::string& url, const Answer& answer);

/// So many records behind, a server is not just busy.
constexpr std::uint64_t kMuchLag = 1000;

}  // namespace daybook::cli
