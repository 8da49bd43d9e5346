#pragma once

#include <string>
#include <vector>

#include "model/schema.h"
#include "projections/queries/list.h"

namespace daybook::api {

/// A name that filters a list, and what it means for the kind.
struct ListName {
  enum class Use {
    kValues,    // name=a,b; of references also none
    kTag,       // the same, by the name of a tag
    kPipeline,  // the same, `default` too
    kPresence,  // has_name=true
    kRange,     // name[gte], [gt], [lte], [lt], or name=value; name=none where the field may be unset
  };
  std::string name;
  Use use = Use::kValues;
  const model::Field* field = nullptr;  // nullptr of the system columns
  projections::ListColumn column{};     // of kRange
};

/// What follows from the options of the kind's fields (proto/daybook/options.proto).
std::vector<ListName> list_names(const model::Kind& kind);

/// A name that sorts a list.
struct SortName {
  std::string name;
  projections::ListColumn column;
};
std::vector<SortName> sort_names(const model::Kind& kind);

/// Whether the kind has words to search.
bool is_searchable(const model::Kind& kind);

}  // namespace daybook::api
