#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "domain/import_rows.h"
#include "model/field_reader.h"

namespace daybook::domain {

/// Microseconds since 1970; without a time of day the day's beginning, without an offset UTC.
std::int64_t instant(const CalendarTime& time);

/// What contact and deal rows share: cells that become fields, and errors of the domain that become errors of the row.
class RowCells {
 public:
  RowCells(const ImportPlan& plan, const ImportRow& row, RowDecision& decision)
      : plan_(plan), row_(row), decision_(decision) {}

  std::string_view text(std::string_view field) const { return text_of(plan_, row_, field); }
  /// The planned field with its cell, where there is one that is not empty.
  struct Planned {
    const PlannedField& field;
    const ImportCell& cell;
  };
  std::optional<Planned> planned(std::string_view field) const;

  /// Adds every planned cell that is a field of `kind` as it stands (is_plain_cell), but those named.
  void copy_plain(const model::Kind& kind, std::span<const std::string_view> but, std::string& record);
  /// Adds the cell to a sparse record as the field `to` of `kind`, if it is not empty.
  void copy(std::string_view from, const model::Kind& kind, std::uint32_t to, std::string& record);
  void copy_text(std::string_view column, std::string_view text, const model::Kind& kind, std::uint32_t to,
                 std::string& record);

  /// The member whom the cell names; a warning where there is none.
  std::optional<model::Uuid> owner(const OwnerNames& owners);

  /// The date of a date column; an error where there is another text.
  std::optional<CalendarTime> date(std::string_view field);

  void error(std::string_view column, std::string_view code, std::string detail);
  void warn(std::string_view column, std::string_view code, std::string detail);
  /// A rejection by the domain, its pointers as columns.
  void errors_of(const Rejection& rejection);
  bool failed() const { return !decision_.errors.empty(); }

 private:
  void copy_date(const model::Field& field, std::string& record);

  const ImportPlan& plan_;
  const ImportRow& row_;
  RowDecision& decision_;
};

}  // namespace daybook::domain
