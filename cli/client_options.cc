#include "cli/client_options.h"

#include <CLI/CLI.hpp>
#include <fstream>

#include "cli/environment.h"
#include "cli/exit_codes.h"

namespace daybook::cli {
namespace {

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
  if (const auto data = environment("DAYBOOK_DATA")) return operator_key_in(*data);
  throw UsageError(
      "say who asks: --key or DAYBOOK_KEY with an API key, or --data with the directory that holds operator.key");
}

}  // namespace

HttpClient ClientOptions::client() const {
  const std::string server = url.empty() ? environment("DAYBOOK_URL").value_or("http://127.0.0.1:7400") : url;
  return {server, key_of(*this)};
}

void add_client_options(CLI::App& command, ClientOptions& options) {
  command.add_option("--url", options.url, "The server (DAYBOOK_URL)")
      ->type_name("URL")
      ->default_str("http://127.0.0.1:7400");
  command.add_option("--key", options.key, "API key, or operator key where that is needed (DAYBOOK_KEY)")
      ->type_name("KEY");
  command.add_option("--data", options.data, "Take the operator key in this data directory (DAYBOOK_DATA)")
      ->type_name("DIR");
  add_output_option(command, options.output);
  command.add_flag("--quiet", options.is_quiet, "Nothing on stderr but errors");
}

}  // namespace daybook::cli
