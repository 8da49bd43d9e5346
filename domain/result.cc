#include "domain/result.h"

#include <utility>

namespace daybook::domain {

std::unexpected<Rejection> reject(std::string code, std::string detail) {
  return std::unexpected(Rejection{std::move(code), std::move(detail)});
}

std::unexpected<Rejection> invalid(std::vector<FieldError> errors) {
  std::string detail =
      errors.size() == 1 ? errors.front().detail : std::to_string(errors.size()) + " fields are not valid";
  return std::unexpected(Rejection{"validation_failed", std::move(detail), std::move(errors)});
}

std::unexpected<Rejection> invalid(std::string pointer, std::string code, std::string detail) {
  return invalid({FieldError{std::move(pointer), std::move(code), std::move(detail)}});
}

std::unexpected<Rejection> not_found(std::string what) { return reject("not_found", "There is no such " + what + "."); }

}  // namespace daybook::domain
