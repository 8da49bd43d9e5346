#include "domain/import_cells.h"

namespace daybook::domain {

std::optional<RowCells::Planned> RowCells::planned(std::string_view field) const {
  const PlannedField* found = plan_.find(field);
  if (found == nullptr) return std::nullopt;
  const ImportCell& cell = row_.cells[static_cast<std::size_t>(found - plan_.fields.data())];
  if (cell.text.empty()) return std::nullopt;
  return Planned{*found, cell};
}

void RowCells::copy(std::string_view from, const model::Kind& kind, std::uint32_t to, std::string& record) {
  copy_text(from, text(from), kind, to, record);
}

void RowCells::copy_text(std::string_view column, std::string_view text, const model::Kind& kind, std::uint32_t to,
                         std::string& record) {
  if (text.empty()) return;
  model::ValueForm form;
  form.lenient = true;
  if (const auto problem = model::append_text(record, *kind.message->field(to), text, form)) {
    error(column, problem->code, problem->detail);
  }
}

std::optional<model::Uuid> RowCells::owner(const OwnerNames& owners) {
  const std::string_view name = text("owner");
  if (name.empty()) return std::nullopt;
  const auto found = owners.find(name);
  if (!found) warn("owner", "not_found", "No member has this name or e-mail; the record stays unassigned.");
  return found;
}

void RowCells::error(std::string_view column, std::string_view code, std::string detail) {
  decision_.errors.push_back({row_.row, std::string(column), std::string(code), std::move(detail)});
}

void RowCells::warn(std::string_view column, std::string_view code, std::string detail) {
  decision_.warnings.push_back({row_.row, std::string(column), std::string(code), std::move(detail)});
}

void RowCells::errors_of(const Rejection& rejection) {
  if (rejection.errors.empty()) error("", rejection.code, rejection.detail);
  for (const FieldError& found : rejection.errors) {
    const std::string_view pointer = found.pointer;
    const std::string_view path = pointer.empty() ? pointer : pointer.substr(1);
    error(path.substr(0, path.find('/')), found.code, found.detail);
  }
}

}  // namespace daybook::domain
