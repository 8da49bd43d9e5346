#pragma once

#include <string_view>
#include <vector>

#include "projections/queries/list.h"

namespace daybook::projections {

/// The filters of a request as tests: on a list or sort row first, which needs no further read, then on the record.
class ListFilter {
 public:
  /// `request` outlives the filter. Throws std::logic_error on a field that rows do not hold.
  explicit ListFilter(const ListRequest& request);

  /// No record can match: a filter has no values.
  bool matches_nothing() const;
  /// False where the row alone says that the record does not match. `value` is a list_value.
  bool row_matches(const model::Uuid& id, std::string_view value) const;
  /// Whether row_matches is the whole answer.
  bool needs_record() const { return needs_record_; }
  /// The whole answer.
  bool record_matches(const model::Uuid& id, std::string_view record) const;

 private:
  struct Test {
    const model::Field* field = nullptr;
    const ValueFilter* values = nullptr;
    const RangeFilter* range = nullptr;
    bool set_matches = false;    // any value does
    bool unset_matches = false;  // no value does
  };

  void add(Test test);
  bool fields_match(std::string_view fields) const;

  const ListRequest& request_;
  std::vector<Test> tests_;
  std::vector<const RangeFilter*> created_;
  std::vector<const RangeFilter*> updated_;
  bool needs_record_ = false;
};

/// Milliseconds of a version 7 UUID (RFC 9562 §5.7).
std::int64_t time_of_id_ms(const model::Uuid& id);
/// Microseconds to milliseconds, towards the past.
std::int64_t floor_ms(std::int64_t time_us);

}  // namespace daybook::projections
