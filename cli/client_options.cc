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
  if (!options.is_operator) throw UsageError("say who asks: --key or DAYBOOK_KEY with an API key");
  if (const auto data = environment("DAYBOOK_DATA")) return operator_key_in(*data);
  throw UsageError("say who asks: --data with the directory that holds operator.key, or --key with what it holds");
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
  const char* what = options.is_operator ? "Operator key (DAYBOOK_KEY)" : "API key (DAYBOOK_KEY)";
  command.add_option("--key", options.key, what)->type_name("KEY");
  add_output_option(command, options.output);
  command.add_flag("--quiet", options.is_quiet, "Nothing on stderr but errors");
}

void add_operator_options(CLI::App& command, ClientOptions& options) {
  options.is_operator = true;
  add_client_options(command, options);
  command.add_option("--data", options.data, "Take the operator key in this data directory (DAYBOOK_DATA)")
      ->type_name("DIR");
}

}  // namespace daybook::cli
