#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/context.h"
#include "domain/fold.h"
#include "domain/result.h"
#include "domain/store.h"

namespace daybook::domain {

/// What a kind says beyond its proto. Each member may be empty.
struct KindRules {
  /// Defaults of a new record.
  std::function<std::string(std::string_view record, const View&, const Context&)> fill{};
  /// Normal forms, decided here and kept in the event: keys, sort names (rule 17).
  std::function<std::string(std::string_view record, const View&)> normalise{};
  /// Cross-field rules of the record that results; adds every error it finds.
  std::function<void(std::string_view record, const View&, std::vector<FieldError>&)> check{};
  /// What becomes of this record when what `field` refers to is deleted, where that depends on the record.
  std::function<model::OnDelete(std::string_view record, const model::Field& field)> on_delete{};
  /// The business events of the kind.
  std::vector<EventType> events{};
};

/// A rule over the typed message, as a rule over bytes.
template <typename T, typename... Args>
std::function<std::string(std::string_view, Args...)> typed(void (*rule)(T&, Args...)) {
  return [rule](std::string_view record, Args... args) {
    T message = parse<T>(record);
    rule(message, args...);
    return message.SerializeAsString();
  };
}

template <typename T>
std::function<void(std::string_view, const View&, std::vector<FieldError>&)> typed_check(
    void (*rule)(const T&, const View&, std::vector<FieldError>&)) {
  return [rule](std::string_view record, const View& view, std::vector<FieldError>& errors) {
    rule(parse<T>(record), view, errors);
  };
}

/// The rules of a kind; empty ones where it has none of its own. The list of all kinds with rules is in kind_rules.cc.
const KindRules& rules_of(const model::Kind& kind);

}  // namespace daybook::domain
