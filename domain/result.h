#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "domain/event.h"
#include "model/uuid.h"

namespace daybook::domain {

/// What is wrong with one field of a request: an RFC 6901 pointer, a stable code, and what to do about it.
struct FieldError {
  std::string pointer;
  std::string code;
  std::string detail;
  bool operator==(const FieldError&) const = default;
};

/// A broken rule. `code` is one of the stable codes of the HTTP interface (docs/errors.md) and says its status.
struct Rejection {
  std::string code;
  std::string detail;
  std::vector<FieldError> errors{};
  struct Limit {
    std::int64_t limit = 0;
    std::int64_t use = 0;
    bool operator==(const Limit&) const = default;
  };
  std::optional<model::Uuid> existing_id{};  // of email_taken: the record in the way; of merged: the survivor
  std::optional<Limit> limit{};              // of limit_reached
  bool operator==(const Rejection&) const = default;
};

template <typename T>
using Result = std::expected<T, Rejection>;
using Events = std::vector<Event>;

/// At most this many field errors are reported at once: a megabyte of bad fields is an attack.
inline constexpr std::size_t kErrorLimit = 100;

std::unexpected<Rejection> reject(std::string code, std::string detail);
/// `validation_failed` with these errors.
std::unexpected<Rejection> invalid(std::vector<FieldError> errors);
std::unexpected<Rejection> invalid(std::string pointer, std::string code, std::string detail);
/// Adds the field errors of a further check, so that all are reported at once.
template <typename T>
void add_errors(std::vector<FieldError>& errors, const Result<T>& checked) {
  if (!checked) errors.insert(errors.end(), checked.error().errors.begin(), checked.error().errors.end());
}
/// The record is unknown, deleted or merged away.
std::unexpected<Rejection> not_found(std::string what);

}  // namespace daybook::domain
