#include "api/list_parameters.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "api/json/suggestion.h"
#include "api/list_names.h"
#include "api/list_values.h"
#include "domain/workspace.h"
#include "model/text.h"

namespace daybook::api {
namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t kLargestPage = 500;
constexpr std::size_t kMostWords = 20;
constexpr std::size_t kMostFilters = 50;
constexpr std::array<std::string_view, 7> kGeneral{"limit",           "cursor", "sort",  "total",
                                                   "include_deleted", "fields", "expand"};
constexpr std::array<std::string_view, 4> kOperations{"gte", "gt", "lte", "lt"};

std::string joined(const std::vector<std::string_view>& names) {
  std::string out;
  for (const std::string_view name : names) out.append(out.empty() ? "" : ", ").append(name);
  return out;
}

// name[gte] → name and gte.
struct SplitName {
  std::string_view name;
  std::string_view operation;
  bool bracketed = false;
};
SplitName split_name(std::string_view text) {
  const std::size_t open = text.find('[');
  if (open == text.npos || !text.ends_with(']')) return {text, {}, false};
  return {text.substr(0, open), text.substr(open + 1, text.size() - open - 2), true};
}

class ListReader {
 public:
  ListReader(const model::Kind& kind, const Parameters& parameters, const domain::View& view, const ListOffer& offer)
      : kind_(kind), parameters_(parameters), view_(view), offer_(offer), names_(list_names(kind)) {
    out_.request.kind = &kind;
  }

  std::expected<ListParameters, std::vector<ParameterProblem>> read() {
    for (std::size_t i = 0; i < parameters_.size() && problems_.size() < domain::kErrorLimit; ++i) {
      const auto& [name, value] = parameters_[i];
      const auto same = [&](const auto& other) { return other.first == name; };
      const auto end = parameters_.begin() + static_cast<std::ptrdiff_t>(i);
      if (std::any_of(parameters_.begin(), end, same)) {
        invalid(name, name + " is given twice; join several values with commas.");
      } else {
        read_one(name, value);
      }
    }
    check_filter_count();
    if (!problems_.empty()) return std::unexpected(std::move(problems_));
    return std::move(out_);
  }

 private:
  void invalid(std::string_view name, std::string detail) {
    problems_.push_back({std::string(name), "invalid_parameter", std::move(detail)});
  }

  void unknown(std::string_view name) {
    std::vector<std::string_view> known(kGeneral.begin(), kGeneral.end());
    if (is_searchable(kind_)) known.push_back("q");
    for (const ListName& filter : names_) known.push_back(filter.name);
    known.insert(known.end(), offer_.others.begin(), offer_.others.end());
    const std::string_view nearest = nearest_name(split_name(name).name, known);
    std::string detail = "There is no parameter " + std::string(name) + " here";
    detail += nearest.empty() ? "." : "; did you mean " + std::string(nearest) + "?";
    problems_.push_back({std::string(name), "unknown_parameter", detail + " There are " + joined(known) + "."});
  }

  void read_one(const std::string& name, const std::string& value) {
    if (std::find(offer_.others.begin(), offer_.others.end(), name) != offer_.others.end()) return;
    if (read_general(name, value)) return;
    const SplitName split = split_name(name);
    const auto found =
        std::find_if(names_.begin(), names_.end(), [&](const ListName& known) { return known.name == split.name; });
    if (found == names_.end()) return unknown(name);
    if (split.bracketed && found->use != ListName::Use::kRange) return unknown(name);
    const bool known = std::find(kOperations.begin(), kOperations.end(), split.operation) != kOperations.end();
    if (split.bracketed && !known) {
      return invalid(name, std::string(split.name) + " is bounded by [gte], [gt], [lte] and [lt] only.");
    }
    read_filter(*found, name, split.operation, value);
  }

  bool read_general(const std::string& name, const std::string& value) {
    if (name == "limit") return read_limit(value), true;
    if (name == "cursor") return read_cursor(value), true;
    if (name == "sort") return read_sort(value), true;
    if (name == "total") return read_flag(name, value, out_.request.total), true;
    if (name == "include_deleted") return read_flag(name, value, out_.request.include_deleted), true;
    if (name == "fields") return read_fields(value), true;
    if (name == "expand") return read_expand(value), true;
    if (name == "q" && is_searchable(kind_)) return read_words(value), true;
    return false;
  }

  void read_limit(const std::string& value) {
    std::size_t limit = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), limit);
    const bool whole = error == std::errc() && end == value.data() + value.size();
    if (!whole || limit < 1 || limit > kLargestPage) return invalid("limit", "limit must be from 1 to 500.");
    out_.request.limit = limit;
  }

  void read_cursor(const std::string& value) {
    if (value.empty()) return invalid("cursor", "cursor must not be empty; leave it out for the first page.");
    out_.cursor = value;
  }

  void read_flag(const std::string& name, const std::string& value, bool& out) {
    if (value != "true" && value != "false") return invalid(name, name + " must be true or false.");
    out = value == "true";
  }

  void read_sort(std::string_view value) {
    out_.request.descending = value.starts_with('-');
    if (out_.request.descending) value.remove_prefix(1);
    std::vector<std::string_view> known;
    const auto names = sort_names(kind_);
    for (const SortName& sort : names) {
      if (sort.name == value) {
        out_.request.sort = sort.column;
        return;
      }
      known.push_back(sort.name);
    }
    invalid("sort", "sort must be one of " + joined(known) + ", with - before it for descending.");
  }

  void read_fields(std::string_view value) {
    std::vector<std::string_view> others;
    out_.selection = model::select_fields(kind_, split_at_commas(value), others);
    for (const std::string_view other : others) {
      if (std::find(offer_.extra_fields.begin(), offer_.extra_fields.end(), other) == offer_.extra_fields.end()) {
        return invalid("fields", "A " + kind_.name + " has no field \"" + std::string(other) + "\".");
      }
      out_.extra_fields.emplace_back(other);
    }
  }

  void read_expand(std::string_view value) {
    for (const std::string_view name : split_at_commas(value)) {
      if (std::find(offer_.expand.begin(), offer_.expand.end(), name) == offer_.expand.end()) {
        const std::string known = offer_.expand.empty() ? "nothing" : joined(offer_.expand);
        return invalid("expand", "\"" + std::string(name) + "\" cannot be expanded here; " + known + " can.");
      }
      out_.expand.emplace_back(name);
    }
  }

  void read_words(const std::string& value) {
    out_.request.words = model::query_words(value);
    if (out_.request.words.size() > kMostWords) invalid("q", "q takes at most 20 words.");
  }

  void read_filter(const ListName& filter, const std::string& name, std::string_view operation,
                   const std::string& value) {
    if (filter.use == ListName::Use::kRange) {
      if (operation.empty() && value == "none" && filter.field != nullptr) {
        out_.request.presences.push_back({filter.field, false});
        return;
      }
      auto range = read_range(filter, operation, value, currency());
      if (!range) return invalid(name, range.error());
      out_.request.ranges.push_back(std::move(*range));
    } else if (filter.use == ListName::Use::kPresence) {
      bool present = true;
      read_flag(name, value, present);
      out_.request.presences.push_back({filter.field, present});
    } else {
      auto values = read_values(filter, value, view_);
      if (!values) return invalid(name, values.error());
      out_.request.values.push_back(std::move(*values));
    }
  }

  // Whose digits an amount has.
  std::string currency() const {
    for (const auto& [name, value] : parameters_) {
      if (name == "currency" && value.size() == 3) {
        std::string upper = value;
        for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
        return upper;
      }
    }
    const auto workspace = domain::workspace_of(view_);
    return workspace.has_currency() ? workspace.currency() : "EUR";
  }

  void check_filter_count() {
    const auto& request = out_.request;
    if (request.values.size() + request.presences.size() + request.ranges.size() <= kMostFilters) return;
    invalid("", "A list takes at most 50 filters.");
  }

  const model::Kind& kind_;
  const Parameters& parameters_;
  const domain::View& view_;
  const ListOffer& offer_;
  std::vector<ListName> names_;
  ListParameters out_;
  std::vector<ParameterProblem> problems_;
};

}  // namespace

std::expected<ListParameters, std::vector<ParameterProblem>> parse_list_parameters(const model::Kind& kind,
                                                                                   const Parameters& parameters,
                                                                                   const domain::View& view,
                                                                                   const ListOffer& offer) {
  return ListReader(kind, parameters, view, offer).read();
}

domain::Rejection rejection_of(const std::vector<ParameterProblem>& problems) {
  domain::Rejection rejection{problems.front().code, problems.front().detail};
  for (const ParameterProblem& problem : problems) {
    rejection.errors.push_back({problem.parameter, problem.code, problem.detail});
  }
  return rejection;
}

}  // namespace daybook::api
