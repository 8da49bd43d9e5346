#include "cli/record_rows.h"

#include <iostream>
#include <nlohmann/json.hpp>

namespace daybook::cli {
namespace {

using json = nlohmann::ordered_json;

std::string cell_of(const json& value) {
  if (value.is_null()) return {};
  return value.is_string() ? value.get<std::string>() : value.dump();
}

Row row_of(const json& object, const Row& columns) {
  Row row;
  for (const std::string& column : columns) {
    const auto found = object.find(column);
    row.push_back(found == object.end() ? std::string() : cell_of(*found));
  }
  return row;
}

}  // namespace

std::string show_page(const std::string& page, const Row& columns, Output output, bool with_header) {
  const json parsed = json::parse(page);
  const json cursor = parsed.value("next_cursor", json());
  if (output == Output::kJson) {
    std::cout << parsed.dump(2) << '\n';
  } else {
    std::vector<Row> rows;
    for (const json& record : parsed.at("data")) rows.push_back(row_of(record, columns));
    show_rows(columns, rows, output, with_header);
  }
  return cell_of(cursor);
}

void show_record(const std::string& record, Output output) {
  const json parsed = json::parse(record);
  if (output == Output::kJson) {
    std::cout << parsed.dump(2) << '\n';
    return;
  }
  std::vector<Row> rows;
  for (const auto& [name, value] : parsed.items()) rows.push_back({name, cell_of(value)});
  show_rows({"field", "value"}, rows, output);
}

}  // namespace daybook::cli
