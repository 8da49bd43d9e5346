#pragma once

#include <string>
#include <string_view>

namespace daybook::domain {

struct PersonName {
  std::string first;
  std::string last;
  bool operator==(const PersonName&) const = default;
};

/// The first and last name in one text (domain.md §7). White space is squeezed first, U+00A0 included.
/// - "Jane Ann Smith": split at the last space, since more people have two first names than two last ones.
/// - "Smith, Jane Ann": the last name stands before the first comma, so "van der Berg, Anna" keeps its parts.
/// - "Jane Smith, PhD": what follows the comma is no first name (jr, sr, ii, iii, iv, phd, md, mba, esq, with or
/// without
///   points); it stays with the last name: "Jane" and "Smith, PhD".
/// - "Jane": a first name alone; a last name is never made up.
/// A comma with nothing on one side of it is left out.
PersonName split_name(std::string_view name);

}  // namespace daybook::domain
