#include "cli/import_command.h"

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/exit_codes.h"
#include "cli/import_call.h"
#include "cli/problem_text.h"
#include "cli/record_rows.h"

namespace daybook::cli {
namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t kShown = 10;           // row errors named
constexpr std::size_t kOptionsBytes = 6000;  // so that they fit into the request's target

// --options as JSON or as @FILE, compact.
std::string options_text(const std::string& given) {
  if (given.empty()) return {};
  std::string text = given;
  if (given.starts_with('@')) {
    std::ifstream in(given.substr(1));
    std::stringstream all;
    if (!in || !(all << in.rdbuf())) throw UsageError("--options: " + given.substr(1) + " cannot be read");
    text = all.str();
  }
  const json parsed = json::parse(text, nullptr, false);
  if (!parsed.is_object()) throw UsageError("--options is a JSON object or @FILE with one");
  text = parsed.dump();
  if (escape_query(text).size() > kOptionsBytes) {
    throw UsageError("--options is too long for one request; upload the file with POST /v1/imports as multipart");
  }
  return text;
}

const Row kCounts{"state", "rows", "created", "updated", "unchanged", "skipped", "warnings", "failure"};
const Row kErrorColumns{"row", "column", "code", "detail"};

Row cells(const json& object, const Row& columns) {
  Row row;
  for (const std::string& column : columns) {
    const json value = object.value(column, json());
    row.push_back(value.is_null() ? "" : value.is_string() ? value.get<std::string>() : value.dump());
  }
  return row;
}

void show_report(const json& report, const json& errors, Output output) {
  if (output == Output::kJson) {
    std::cout << report.dump(2) << '\n';
    return;
  }
  std::vector<Row> error_rows;
  for (const json& error : errors) error_rows.push_back(cells(error, kErrorColumns));
  if (output == Output::kCsv) return show_rows(kErrorColumns, error_rows, output);
  std::vector<Row> counts;
  for (const std::string& name : kCounts) {
    const std::string value = cells(report, {name}).front();
    if (!value.empty()) counts.push_back({name, value});
  }
  show_rows({"result", "count"}, counts, output);
  if (error_rows.empty()) return;
  const std::size_t all = error_rows.size();
  error_rows.resize(std::min(all, kShown));
  std::cout << '\n';
  show_rows(kErrorColumns, error_rows, output);
  const auto skipped = report.value("skipped", json(0)).get<std::uint64_t>();
  if (skipped > error_rows.size()) {
    std::cout << skipped << " rows were skipped; --output csv and GET /v1/imports/{id}/errors name more\n";
  }
}

int import_file(const ImportWish& wish) {
  const HttpClient client = wish.client.client();
  const ImportEnd end = run_import(wish, client);
  json report = json::parse(end.body);
  if (end.is_dry_run) {
    report["state"] = "dry run, nothing was changed";
  } else {
    const std::string id = report.at("id");
    report["errors"] = json::parse(accepted(client.send("GET", "/v1/imports/" + id + "/errors?limit=500"))).at("data");
  }
  const json errors = report.value("errors", json::array());
  show_report(report, errors, wish.client.output);
  return end.is_dry_run || report.at("state") == "committed" ? kDone : kRefused;
}

}  // namespace

void add_import_command(CLI::App& app, int& exit_code) {
  CLI::App* import = app.add_subcommand("import", "Import a CSV file of contacts or deals, all of it at once");
  import->require_subcommand(1);
  for (const std::string kind : {"contacts", "deals"}) {
    auto wish = std::make_shared<ImportWish>();
    wish->kind = kind;
    auto options = std::make_shared<std::string>();
    CLI::App* of_kind = import->add_subcommand(kind, "Import " + kind + " from a CSV file");
    of_kind->footer("  daybook import " + kind + " " + kind + ".csv --dry-run\n  daybook import " + kind +
                    " export.csv --options '{\"date_order\":\"day_first\"}'\n  gzip -dc " + kind +
                    ".csv.gz | daybook import " + kind + " -");
    of_kind->add_option("FILE", wish->file, "CSV file; - is standard input")->required();
    of_kind->add_option("--options", *options, "How to read it (ImportOptions), as JSON or @FILE")
        ->type_name("JSON|@FILE");
    of_kind->add_flag("--dry-run", wish->is_dry_run, "Say what would happen, and do nothing");
    of_kind->add_option("--idempotency-key", wish->idempotency_key, "To repeat an import whose outcome is unknown")
        ->type_name("KEY");
    add_client_options(*of_kind, wish->client);
    of_kind->callback([wish, options, &exit_code] {
      wish->options = options_text(*options);
      exit_code = import_file(*wish);
    });
  }
}

}  // namespace daybook::cli
