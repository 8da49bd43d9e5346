#pragma once

#include <cstdint>
#include <string>

#include "cli/client_options.h"

namespace daybook::cli {

/// What `daybook import` is told.
struct ImportWish {
  ClientOptions client;
  std::string kind;     // contacts or deals
  std::string file;     // - is standard input
  std::string options;  // JSON, checked; empty: none
  bool is_dry_run = false;
  std::string idempotency_key;  // empty: a new one
};

/// What became of it: the import's record or what a dry run found, as JSON.
struct ImportEnd {
  std::string body;
  bool is_dry_run = false;
};

/// Uploads the file and waits until it is imported, showing both on stderr. A lost connection and 503 are answered by
/// sending it again under the same Idempotency-Key, a bounded number of times. Throws UsageError where the file cannot
/// be read, Refused, and NotReachable, whose text then says how to repeat it without importing twice.
ImportEnd run_import(const ImportWish& wish, const HttpClient& client);

}  // namespace daybook::cli
