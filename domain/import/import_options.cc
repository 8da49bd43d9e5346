#include "domain/import/import_options.h"

#include <algorithm>
#include <array>
#include <utility>

namespace daybook::domain {
namespace {

template <typename T>
using Named = std::pair<std::string_view, T>;

constexpr std::array<Named<DateOrder>, 3> kDateOrders = {
    {{"iso", DateOrder::kIso}, {"day_first", DateOrder::kDayFirst}, {"month_first", DateOrder::kMonthFirst}}};
constexpr std::array<Named<NumberFormat>, 2> kNumberFormats = {
    {{"point", NumberFormat::kPoint}, {"comma", NumberFormat::kComma}}};
constexpr std::array<Named<ImportProfile>, 4> kProfiles = {{{"auto", ImportProfile::kAuto},
                                                            {"name_and_email", ImportProfile::kNameAndEmail},
                                                            {"names", ImportProfile::kNames},
                                                            {"email", ImportProfile::kEmail}}};

template <typename Table>
auto value_named(const Table& table, std::string_view name) {
  const auto found = std::ranges::find(table, name, [](const auto& entry) { return entry.first; });
  return found == table.end() ? std::nullopt : std::optional(found->second);
}

template <typename Table, typename T>
std::string_view name_in(const Table& table, T value) {
  return std::ranges::find(table, value, [](const auto& entry) { return entry.second; })->first;
}

}  // namespace

std::optional<DateOrder> date_order_named(std::string_view name) { return value_named(kDateOrders, name); }
std::optional<NumberFormat> number_format_named(std::string_view name) { return value_named(kNumberFormats, name); }
std::optional<ImportProfile> import_profile_named(std::string_view name) { return value_named(kProfiles, name); }
std::string_view name_of(DateOrder order) { return name_in(kDateOrders, order); }
std::string_view name_of(NumberFormat format) { return name_in(kNumberFormats, format); }
std::string_view name_of(ImportProfile profile) { return name_in(kProfiles, profile); }

}  // namespace daybook::domain
