#include "domain/import_cells.h"

#include <algorithm>

#include "domain/import/import_fields.h"
#include "model/time.h"
#include "model/wire.h"

namespace daybook::domain {
namespace {

constexpr std::int64_t kMinuteUs = 60'000'000;
constexpr std::int64_t kDayUs = 1440 * kMinuteUs;

model::CivilDate civil(const CalendarDate& date) {
  return {date.year, static_cast<unsigned>(date.month), static_cast<unsigned>(date.day)};
}

}  // namespace

std::int64_t instant(const CalendarTime& time) {
  return model::days_from_civil(civil(time.date)) * kDayUs + time.micros_of_day.value_or(0) -
         time.offset_minutes.value_or(0) * kMinuteUs;
}

std::optional<RowCells::Planned> RowCells::planned(std::string_view field) const {
  const PlannedField* found = plan_.find(field);
  if (found == nullptr) return std::nullopt;
  const ImportCell& cell = row_.cells[static_cast<std::size_t>(found - plan_.fields.data())];
  if (cell.text.empty()) return std::nullopt;
  return Planned{*found, cell};
}

void RowCells::copy_plain(const model::Kind& kind, std::span<const std::string_view> but, std::string& record) {
  for (const PlannedField& planned : plan_.fields) {
    const model::Field* field = kind.message->field(std::string_view(planned.name));
    if (field == nullptr || !is_plain_cell(*field)) continue;
    if (std::find(but.begin(), but.end(), planned.name) != but.end()) continue;
    if (planned.type == CellType::kDate) {
      copy_date(*field, record);
    } else {
      copy(planned.name, kind, field->number, record);
    }
  }
}

void RowCells::copy_date(const model::Field& field, std::string& record) {
  const auto time = date(field.name);
  if (!time) return;
  if (field.type == model::FieldType::kTime) {
    model::append_varint_field(record, field.number, static_cast<std::uint64_t>(instant(*time)));
  } else {
    model::append_bytes_field(record, field.number, model::format_date(civil(time->date)));
  }
}

std::optional<CalendarTime> RowCells::date(std::string_view field) {
  const auto cell = planned(field);
  if (!cell) return std::nullopt;
  const auto time = date_of(cell->field, cell->cell);
  if (!time) error(field, "invalid_value", "This is not a date.");
  return time;
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
