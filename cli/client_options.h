#pragma once

#include <string>

#include "cli/http_client.h"
#include "cli/table.h"

namespace CLI {
class App;
}

namespace daybook::cli {

/// Where the server is, who asks, and how the answer is shown.
struct ClientOptions {
  std::string url;   // empty: DAYBOOK_URL, or the server's default address
  std::string key;   // empty: see client()
  std::string data;  // a directory with operator.key
  Output output = Output::kTable;
  bool is_quiet = false;
  bool is_operator = false;

  /// A client with the key of --key or DAYBOOK_KEY; the operator's with that of --key, of operator.key under --data, of
  /// DAYBOOK_KEY, or of operator.key under DAYBOOK_DATA, whichever is there first. Throws UsageError where there is
  /// none.
  HttpClient client() const;
};

/// --url, --key, --output and --quiet.
void add_client_options(CLI::App& command, ClientOptions& options);
/// The same of a command for the operator: with --data, whose key opens nothing else.
void add_operator_options(CLI::App& command, ClientOptions& options);

}  // namespace daybook::cli
