#pragma once

#include <stdexcept>
#include <string>

namespace daybook::cli {

/// The server could not be reached: exit code 69.
class NotReachable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct HttpAnswer {
  long status = 0;
  std::string body;
};

/// What the client commands speak to: a server's URL and the key to show there.
class HttpClient {
 public:
  HttpClient(std::string url, std::string key) : url_(std::move(url)), key_(std::move(key)) {}

  /// One request with a JSON body, or none where `body` is empty. Throws NotReachable.
  HttpAnswer send(const std::string& method, const std::string& path, const std::string& body = {}) const;

 private:
  std::string url_;
  std::string key_;
};

}  // namespace daybook::cli
