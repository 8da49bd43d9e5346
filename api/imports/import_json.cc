#include "api/imports/import_json.h"

#include <span>

#include "api/json/import_options.h"
#include "api/render.h"

namespace daybook::api {
namespace {

std::string list_of(std::span<const std::string> texts) {
  std::string out = "[";
  for (const std::string& text : texts) out += (out.size() == 1 ? "" : ",") + json_string(text);
  return out + "]";
}

std::string member(std::string_view name, const std::string& json) { return json_string(name) + ":" + json; }

// What the plan leaves out, and what it does that one might not expect.
std::string plan_members(const domain::ImportPlan& plan) {
  std::vector<std::string> unmapped;
  for (const domain::UnmappedColumn& column : plan.unmapped) unmapped.push_back(column.header);
  std::string remarks = "[";
  for (const domain::ImportProblem& warning : plan.warnings) {
    remarks += (remarks.size() == 1 ? "{" : ",{") + member("code", json_string(warning.code)) + "," +
               member("detail", json_string(warning.detail)) + "}";
  }
  return member("unmapped", list_of(unmapped)) + "," + member("remarks", remarks + "]");
}

std::string list_of(const std::vector<v1::ImportRemark>& remarks) { return "[" + remarks_json(remarks) + "]"; }

}  // namespace

std::string preview_members(const domain::ImportPlan& plan, domain::ImportOptions options) {
  for (const domain::PlannedField& field : plan.fields) {
    if (field.column) options.columns[field.name] = plan.header[*field.column];
    if (field.column && field.type == domain::CellType::kDate) options.date_order = field.date_order;
    if (field.column && field.type == domain::CellType::kAmount) options.number_format = field.number_format;
  }
  std::string rows = "[";
  for (const auto& row : plan.preview) rows += (rows.size() == 1 ? "" : ",") + list_of(row);
  return member("options", write_import_options(options)) + "," + member("header", list_of(plan.header)) + "," +
         member("preview", rows + "]") + "," + plan_members(plan);
}

std::string dry_run_members(const DryRun& run, const domain::ImportPlan& plan) {
  const domain::ImportCounts& counts = run.counts;
  return member("dry_run", "true") + "," + member("rows", std::to_string(counts.rows)) + "," +
         member("created", std::to_string(counts.created)) + "," + member("updated", std::to_string(counts.updated)) +
         "," + member("unchanged", std::to_string(counts.unchanged)) + "," +
         member("skipped", std::to_string(counts.skipped)) + "," + member("warnings", std::to_string(counts.warnings)) +
         "," + member("errors", list_of(run.errors)) + "," + member("warning_list", list_of(run.warnings)) + "," +
         plan_members(plan);
}

std::string remarks_json(const std::vector<v1::ImportRemark>& remarks) {
  std::string out;
  for (const v1::ImportRemark& remark : remarks) {
    if (!out.empty()) out += ',';
    out += "{" + member("row", std::to_string(remark.row())) + "," +
           member("column", remark.column().empty() ? "null" : json_string(remark.column())) + "," +
           member("code", json_string(remark.code())) + "," + member("detail", json_string(remark.detail())) + "}";
  }
  return out;
}

}  // namespace daybook::api
