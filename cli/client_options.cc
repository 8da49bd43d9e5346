#include "cli/client_options.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <optional>

#include "cli/doctor/lock_holder.h"
#include "cli/doctor/server.h"
#include "cli/environment.h"
#include "cli/exit_codes.h"
#include "cli/settings.h"

namespace daybook::cli {
namespace {

constexpr const char* kDefaultUrl = "http://127.0.0.1:7400";

std::string operator_key_in(const std::string& data) {
  const std::string path = data + "/operator.key";
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) throw UsageError(path + " cannot be read; give --key, or the server's data directory");
  return line;
}

std::string key_of(const ClientOptions& options) {
  if (!options.key.empty()) return options.key;
  if (!options.data.empty()) return operator_key_in(options.data);
  if (const auto key = environment("DAYBOOK_KEY")) return *key;
  if (!options.is_operator) throw UsageError("say who asks: --key or DAYBOOK_KEY with an API key");
  if (const auto data = environment("DAYBOOK_DATA")) return operator_key_in(*data);
  throw UsageError("say who asks: --data with the directory that holds operator.key, or --key with what it holds");
}

// The process that has the directory open. Nothing where none that is seen from here has.
std::optional<std::string> server_over(const std::filesystem::path& data, const NodeOptions& node) {
  const auto holder = holder_of(data);
  const auto place = place_of_server(node, holder, "");
  if (!place && holder) {
    throw NotReachable(process_text(*holder) + " has " + data.string() +
                           " open and takes no connections; wait until it has started, or give --url",
                       false);
  }
  return place && place->from == ServerPlace::From::kProcess ? std::optional(place->url) : std::nullopt;
}

// The one that is named, or else the one whose operator key is taken.
std::string directory_of(const ClientOptions& options) {
  const bool has_key = !options.key.empty() || environment("DAYBOOK_KEY");
  if (!options.data.empty() || !options.is_operator || has_key) return options.data;
  return environment("DAYBOOK_DATA").value_or("");
}

// The operator key of a directory is for its server alone, wherever that listens.
std::string server_of(const ClientOptions& options) {
  if (!options.url.empty()) return options.url;
  const auto elsewhere = environment("DAYBOOK_URL");
  const std::string data = directory_of(options);
  if (data.empty()) return elsewhere.value_or(kDefaultUrl);
  const Settings settings({.flags = {{"data", data}}, .config = {}}, Settings::IfWrong::kTakeDefaults);
  const NodeOptions& node = settings.options().node;
  if (const auto server = server_over(data, node)) return *server;
  if (elsewhere) return *elsewhere;
  const auto place = place_of_server(node, std::nullopt, "");
  if (!place) throw NotReachable("no server runs over " + data + "; start it, or give --url", false);
  return place->url;
}

}  // namespace

HttpClient ClientOptions::client() const {
  const std::string who = key_of(*this);
  return {server_of(*this), who};
}

void add_client_options(CLI::App& command, ClientOptions& options) {
  command.add_option("--url", options.url, "The server (DAYBOOK_URL)")->type_name("URL")->default_str(kDefaultUrl);
  const char* what = options.is_operator ? "Operator key (DAYBOOK_KEY)" : "API key (DAYBOOK_KEY)";
  command.add_option("--key", options.key, what)->type_name("KEY");
  add_output_option(command, options.output);
  command.add_flag("--quiet", options.is_quiet, "Nothing on stderr but errors");
}

void add_operator_options(CLI::App& command, ClientOptions& options) {
  options.is_operator = true;
  add_client_options(command, options);
  command
      .add_option("--data", options.data,
                  "Take the operator key in this data directory, and ask the server that has it open (DAYBOOK_DATA)")
      ->type_name("DIR");
  command.get_option("--url")->description("The server (DAYBOOK_URL); without it the one that has --data open");
}

}  // namespace daybook::cli
