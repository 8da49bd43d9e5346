#include "cli/doctor_command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <optional>

#include "cli/doctor/command_line.h"
#include "cli/doctor/configuration.h"
#include "cli/doctor/data_directory.h"
#include "cli/doctor/embedded_log.h"
#include "cli/doctor/examination.h"
#include "cli/doctor/kafka.h"
#include "cli/doctor/keys.h"
#include "cli/doctor/last_start.h"
#include "cli/doctor/lock_holder.h"
#include "cli/doctor/machine.h"
#include "cli/doctor/mail.h"
#include "cli/doctor/nodes.h"
#include "cli/doctor/server.h"
#include "cli/doctor/wrapped_key.h"
#include "cli/exit_codes.h"
#include "cli/http_client.h"
#include "cli/serve_options.h"
#include "cli/setting_flags.h"
#include "cli/terminal.h"
#include "eventstore/keyring.h"
#include "eventstore/master_key.h"

namespace daybook::cli {
namespace {

// Longer than all that a look waits for by itself.
constexpr std::chrono::seconds kLocalLimit{5};
constexpr std::chrono::seconds kLimit{20};
constexpr std::chrono::seconds kNodesLimit{30};

struct DoctorOptions {
  GivenSettings given;
  std::string url;
  bool is_json = false;
};

void look_at_log(const NodeOptions& node, std::optional<long> holder, const std::optional<ServerPlace>& place,
                 Examination& examination) {
  if (!node.log.is_on_kafka) {
    // Another server at that address has another log.
    const bool is_its_own = place && place->from == ServerPlace::From::kProcess;
    examination.look("log", kLimit, [node, holder, place, is_its_own] {
      return check_embedded_log(node, holder, [&]() -> std::optional<std::uint64_t> {
        if (!is_its_own) return std::nullopt;
        const Answer answer = ask_readiness(place->url);
        return answer.kind == Answer::Kind::kDaybook ? std::optional(answer.readiness.log_end) : std::nullopt;
      });
    });
  }
  if (node.log.is_on_kafka || !node.events_topic.empty()) {
    examination.look("brokers", kLimit, [node] { return check_kafka(node); });
  }
}

// Nodes know each other's addresses by the master key.
Addresses addresses_of(const std::filesystem::path& data, const std::optional<eventstore::WrappedKey>& wrapped) {
  const std::string remedy = "cp -rp FIRST-NODE/keys FIRST-NODE/operator.key " + data.string();
  const std::string file = (data / "keys" / "master.key").string();
  if (!std::filesystem::exists(file)) {
    return std::unexpected(Hindrance{file + " is missing, by which nodes know each other", remedy});
  }
  try {
    const auto key = eventstore::load_or_create_master_key(data, false);
    if (!wrapped || eventstore::opens(key, *wrapped)) return eventstore::AddressSeal(key);
    return std::unexpected(Hindrance{file + " is another one than theirs", remedy});
  } catch (const std::runtime_error&) {
    return std::unexpected(Hindrance{file + ", by which nodes know each other, cannot be used; see above", remedy});
  }
}

void look_at_nodes(const NodeOptions& node, std::optional<long> holder, const std::optional<ServerPlace>& place,
                   const std::optional<eventstore::WrappedKey>& wrapped, Examination& examination) {
  if (node.node_url.empty()) return;
  const bool is_its_own = place && place->from == ServerPlace::From::kProcess;
  const OwnNode own{node.node_url, holder.has_value(), is_its_own ? place->url : ""};
  examination.look("nodes", kNodesLimit, [kafka = impatient(node.log.kafka), data = node.data, own, wrapped] {
    return check_nodes(kafka, addresses_of(data, wrapped), own);
  });
}

// Where the log is on Kafka the directory remembers where.
Checks check_settings(const GivenSettings& given, std::optional<Settings>& settings) {
  settings.emplace(given, Settings::IfWrong::kTakeDefaults);
  const GivenSettings more = as_last_started(given, *settings);
  std::vector<std::string> added;
  for (const auto& [name, text] : more.flags) {
    if (!given.flags.contains(name)) added.push_back(name);
  }
  if (!added.empty()) settings.emplace(more, Settings::IfWrong::kTakeDefaults);
  Checks checks = check_configuration(*settings, added);
  for (Check& check : check_last_start(*settings)) checks.push_back(std::move(check));
  return checks;
}

void look_at_all(const DoctorOptions& options, Examination& examination) {
  // A look that was left hanging may write to these for ever, so they are read only where it was not.
  const auto settings = std::make_shared<std::optional<Settings>>();
  const auto holder = std::make_shared<std::optional<long>>();
  const auto wrapped = std::make_shared<std::optional<eventstore::WrappedKey>>();
  examination.look("configuration", kLocalLimit,
                   [settings, given = options.given] { return check_settings(given, *settings); });
  if (examination.is_left_hanging() || !*settings) return;
  const NodeOptions node = (*settings)->options().node;
  require_data(node);
  examination.look("data directory", kLocalLimit, [holder, node] {
    *holder = holder_of(node.data);
    return check_data_directory(node.data, *holder);
  });
  if (examination.is_left_hanging() || !can_look_into(node.data)) return;
  const bool settings_are_good = (*settings)->problems().empty();
  // With half of the settings they would be looked for in the wrong places.
  examination.look("keys", kLimit, [node, wrapped, settings_are_good, holder = *holder] {
    if (settings_are_good) *wrapped = wrapped_key_of(node, holder);
    return check_keys(node.data, *wrapped);
  });
  examination.look("disk", kLocalLimit, [node, holder = *holder] { return check_machine(node, holder); });
  if (examination.is_left_hanging()) return;
  if (!settings_are_good) {
    examination.add(warning("log, server, mail", "not looked at while settings are wrong", "daybook doctor  # again"));
    return;
  }
  const auto place = place_of_server(node, *holder, options.url);
  look_at_log(node, *holder, place, examination);
  examination.look("server", kLimit, [place, holder = *holder] { return check_server(place, holder); });
  look_at_nodes(node, *holder, place, *wrapped, examination);
  examination.look("mail server", kLimit, [node] { return check_mail(node); });
}

std::string painted(Status status, const std::string& word) {
  switch (status) {
    case Status::kWarning:
      return colored(word, Color::kYellow, STDOUT_FILENO);
    case Status::kFailure:
      return colored(word, Color::kRed, STDOUT_FILENO);
    case Status::kOk:
      break;
  }
  return colored(word, Color::kGreen, STDOUT_FILENO);
}

int examine(const DoctorOptions& options) {
  if (!options.url.empty()) const HttpClient checks_the_url(options.url, {});
  Examination examination(doctor_command_line(options.given, options.url));
  look_at_all(options, examination);
  const Checks& checks = examination.checks();
  std::cout << (options.is_json ? as_json(checks) : as_lines(checks, painted)) << std::flush;
  const int exit_code = has_failure(checks) ? kRefused : kDone;
  if (examination.is_left_hanging()) _exit(exit_code);
  return exit_code;
}

}  // namespace

void add_doctor(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<DoctorOptions>();
  CLI::App* doctor = app.add_subcommand("doctor", "Look for everything that can be wrong, and say what mends it");
  doctor->footer(
      "  daybook doctor --data /srv/daybook\n"
      "  daybook doctor --config /etc/daybook.toml --json\n"
      "Takes the settings of `daybook serve`, whether it runs or not, and changes nothing. Ends with 1 where "
      "something\n"
      "failed; warnings are allowed.");
  doctor->add_flag("--json", options->is_json, "One JSON document, for programs");
  doctor->add_option("--url", options->url, "The server; without it the process that has the data open, or --listen")
      ->type_name("URL");
  add_setting_flags(*doctor, options->given);
  doctor->callback([options, &exit_code] { exit_code = examine(*options); });
}

}  // namespace daybook::cli
