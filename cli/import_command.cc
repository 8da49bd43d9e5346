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
const Row kRemarkColumns{"row", "column", "code", "detail"};

Row cells(const json& object, const Row& columns) {
  Row row;
  for (const std::string& column : columns) {
    const json value = object.value(column, json());
    row.push_back(value.is_null() ? "" : value.is_string() ? value.get<std::string>() : value.dump());
  }
  return row;
}

// What the server does with the columns that one might not expect.
void show_columns(const json& report) {
  std::string unmapped;
  for (const json& header : report.value("unmapped", json::array())) {
    unmapped += (unmapped.empty() ? "" : ", ") + header.get<std::string>();
  }
  if (!unmapped.empty()) std::cout << "\nColumns left out: " << unmapped << '\n';
  for (const json& remark : report.value("remarks", json::array())) {
    std::cout << "Note: " << remark.value("detail", "") << '\n';
  }
}

// The first of the errors or warnings, and where the others are.
void show_remarks(const std::string& title, const json& remarks, std::uint64_t all) {
  if (remarks.empty()) return;
  std::vector<Row> rows;
  for (const json& remark : remarks) {
    if (rows.size() < kShown) rows.push_back(cells(remark, kRemarkColumns));
  }
  const std::size_t shown = rows.size();
  std::cout << '\n' << title << '\n';
  show_rows(kRemarkColumns, rows, Output::kTable);
  if (all > shown) std::cout << "… " << all - shown << " more; --output csv and json have them\n";
}

void show_report(const json& report, Output output) {
  if (output == Output::kJson) {
    std::cout << report.dump(2) << '\n';
    return;
  }
  const json errors = report.value("errors", json::array());
  const json warnings = report.value("warning_list", json::array());
  if (output == Output::kCsv) {
    std::vector<Row> rows;
    for (const json& error : errors) rows.push_back(cells(error, kRemarkColumns));
    return show_rows(kRemarkColumns, rows, output);
  }
  std::vector<Row> counts;
  for (const std::string& name : kCounts) {
    const std::string value = cells(report, {name}).front();
    if (!value.empty()) counts.push_back({name, value});
  }
  show_rows({"result", "count"}, counts, output);
  show_columns(report);
  const auto count = [&](const char* name) {
    const json value = report.value(name, json());
    return value.is_number() ? value.get<std::uint64_t>() : std::uint64_t{0};
  };
  show_remarks("Rows that were skipped:", errors, count("skipped"));
  show_remarks("Warnings:", warnings, count("warnings"));
}

// An import with its errors and warnings, as the server has it.
json report_of(const HttpClient& client, json import) {
  const std::string path = "/v1/imports/" + import.at("id").get<std::string>();
  const auto remarks = [&](const char* list) {
    return json::parse(accepted(client.send("GET", path + list + "?limit=500"))).at("data");
  };
  import["errors"] = remarks("/errors");
  import["warning_list"] = remarks("/warnings");
  return import;
}

void show_status(const ClientOptions& options, const std::string& id) {
  const HttpClient client = options.client();
  show_report(report_of(client, json::parse(accepted(client.send("GET", "/v1/imports/" + id)))), options.output);
}

void cancel(const ClientOptions& options, const std::string& id) {
  accepted(options.client().send("DELETE", "/v1/imports/" + id));
  show_status(options, id);
}

int import_file(const ImportWish& wish) {
  const HttpClient client = wish.client.client();
  const ImportEnd end = run_import(wish, client);
  json report = json::parse(end.body);
  if (end.is_dry_run) {
    report["state"] = "dry run, nothing was changed";
  } else {
    report = report_of(client, std::move(report));
  }
  show_report(report, wish.client.output);
  return end.is_dry_run || report.at("state") == "committed" ? kDone : kRefused;
}

void add_import_by_id(CLI::App& import, const std::string& name, const std::string& what,
                      void (*run)(const ClientOptions&, const std::string&)) {
  auto client = std::make_shared<ClientOptions>();
  auto id = std::make_shared<std::string>();
  CLI::App* command = import.add_subcommand(name, what);
  command->footer("  daybook import " + name + " 01890a5d-ac96-774b-bcce-b302099a8057");
  command->add_option("ID", *id, "Of the import")->required();
  add_client_options(*command, *client);
  command->callback([client, id, run] { run(*client, *id); });
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
  add_import_by_id(*import, "status", "Say how far an import is, or how it ended", show_status);
  add_import_by_id(*import, "cancel", "Cancel an import that is not committed yet; nothing of it stays", cancel);
}

}  // namespace daybook::cli
