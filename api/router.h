#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace daybook::api {

class Call;
using Handle = std::function<void(Call&)>;

/// One endpoint. A pattern's segments in braces match one path segment: `/v1/contacts/{id}`.
struct Route {
  std::string method;
  std::string pattern;
  std::string scope;  // contacts:read …, `public` for none, `operator`, `any` for every valid credential
  Handle handle;
  std::string media = "application/json";  // what a success is, several with commas; others are 406
  bool is_at_owner = false;  // a read too is for the node that has the workspace's partition: it shows what no log has

  bool is_command() const { return method != "GET"; }
};

/// Percent-decoded values of a pattern's braces, in order.
using PathValues = std::vector<std::string>;

/// Finds the route of a request. Immutable after construction, so every thread may use it.
class Router {
 public:
  /// Throws std::logic_error on a route without scope, or two with the same method and pattern.
  explicit Router(std::vector<Route> routes);

  struct Match {
    const Route* route = nullptr;      // nullptr: no route of this method
    std::vector<std::string> allowed;  // methods of the path; empty: the path is unknown
    PathValues values;
  };
  Match find(std::string_view method, std::string_view raw_path) const;
  const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
  std::vector<std::vector<std::string>> segments_;  // of each route's pattern
};

/// Percent-decoding (RFC 3986 §2.1); nothing on a broken escape, a NUL or bytes that are not UTF-8.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

}  // namespace daybook::api
