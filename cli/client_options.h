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
  std::string url;   // empty: see client()
  std::string key;   // empty: see client()
  std::string data;  // a directory with operator.key
  Output output = Output::kTable;
  bool is_quiet = false;
  bool is_operator = false;

  /// A client with the key of --key or DAYBOOK_KEY; the operator's with that of --key, of operator.key under --data, of
  /// DAYBOOK_KEY, or of operator.key under DAYBOOK_DATA, whichever is there first. Throws UsageError where there is
  /// none.
  /// The server is that of --url, or else the one that has the data directory open, of DAYBOOK_URL, or at the address
  /// in the directory's settings; without a directory that of DAYBOOK_URL, or at the default address. Throws
  /// NotReachable where none can be there.
  HttpClient client() const;
};

/// --url, --key, --output and --quiet.
void add_client_options(CLI::App& command, ClientOptions& options);
/// The same of a command for the operator: with --data, whose key opens nothing else.
void add_operator_options(CLI::App& command, ClientOptions& options);

}  // namespace daybook::cli
