#include "api/router.h"

#include <stdexcept>

#include "model/text.h"

namespace daybook::api {
namespace {

std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> segments;
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const auto end = std::min(path.find('/'), path.size());
    segments.emplace_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return segments;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_variable(std::string_view segment) { return segment.starts_with('{'); }

std::optional<PathValues> match(const std::vector<std::string>& pattern, const std::vector<std::string>& path) {
  if (pattern.size() != path.size()) return std::nullopt;
  PathValues values;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (is_variable(pattern[i])) {
      auto value = percent_decode(path[i]);
      if (!value || value->empty()) return std::nullopt;
      values.push_back(std::move(*value));
    } else if (pattern[i] != path[i]) {
      return std::nullopt;
    }
  }
  return values;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  if (out.find('\0') != std::string::npos || !model::is_valid_utf8(out)) return std::nullopt;
  return out;
}

Router::Router(std::vector<Route> routes) : routes_(std::move(routes)) {
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    const Route& route = routes_[i];
    if (route.scope.empty()) throw std::logic_error(route.method + " " + route.pattern + ": the route names no scope");
    for (std::size_t j = 0; j < i; ++j) {
      if (routes_[j].method == route.method && routes_[j].pattern == route.pattern) {
        throw std::logic_error(route.method + " " + route.pattern + " stands twice in the routing table");
      }
    }
    segments_.push_back(split(route.pattern));
  }
}

Router::Match Router::find(std::string_view method, std::string_view raw_path) const {
  Match found;
  const std::vector<std::string> path = split(raw_path);
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    auto values = match(segments_[i], path);
    if (!values) continue;
    found.allowed.push_back(routes_[i].method);
    if (routes_[i].method != wanted || found.route != nullptr) continue;
    found.route = &routes_[i];
    found.values = std::move(*values);
  }
  return found;
}

}  // namespace daybook::api
