#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace daybook::cli {

/// The server could not be reached, or was lost before it answered: exit code 69.
class NotReachable : public std::runtime_error {
 public:
  /// `was_connected`: the request may have arrived, so what became of it is unknown.
  NotReachable(const std::string& what, bool was_connected) : std::runtime_error(what), was_connected_(was_connected) {}
  bool was_connected() const { return was_connected_; }

 private:
  bool was_connected_;
};

struct HttpAnswer {
  long status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;

  /// Empty where it is absent.
  std::string header(const std::string& name) const;
};

/// A file that is sent as it is read.
struct FileUpload {
  int descriptor = -1;  // read by position, so it can be sent again
  std::uint64_t bytes = 0;
  std::string content_type;
  std::function<void(std::uint64_t sent)> on_progress;
};

/// An answer of any length, whose body is read as it comes. One thread.
class HttpDownload {
 public:
  virtual ~HttpDownload() = default;

  /// Status and headers. The body, or 64 KiB of it, only where the status is another one than 200.
  virtual const HttpAnswer& answer() const = 0;

  /// The next bytes, at least one; 0 at the end. Throws NotReachable where the connection is lost, or nothing has come
  /// for a minute.
  virtual std::size_t read(std::span<char> out) = 0;
};

/// How long an answer is waited for.
struct Patience {
  std::chrono::seconds connect{10};
  std::chrono::seconds answer{120};  // the connection included
};

/// What the client commands speak to: a server's URL and the key to show there. Keeps its connection. One thread.
class HttpClient {
 public:
  /// Throws UsageError where the URL is none of HTTP. An empty key is not shown.
  HttpClient(std::string url, std::string key, Patience patience = {});

  const std::string& url() const { return url_; }

  /// One request with a JSON body, or none where `body` is empty. Throws NotReachable.
  HttpAnswer send(const std::string& method, const std::string& path, const std::string& body = {}) const;

  /// POST of a file. Headers are `Name: value`. Throws NotReachable, and std::runtime_error where the file cannot be
  /// read.
  HttpAnswer upload(const std::string& path, const FileUpload& file, const std::vector<std::string>& headers) const;

  /// GET of what may be large, from another node: a proxy that the environment names is not asked, for it would see
  /// everything. Gives the answer once its body begins. `on_wait` is called several times a second while
  /// it is read; what it throws comes out there. Throws NotReachable.
  std::unique_ptr<HttpDownload> download(const std::string& path, std::function<void()> on_wait) const;

 private:
  class Download;

  HttpAnswer perform(const std::string& method, const std::string& path, const std::vector<std::string>& headers) const;

  std::string url_;
  std::string key_;
  Patience patience_;
  std::shared_ptr<void> curl_;
};

/// `text` for a query string: everything but letters, digits and -._~ is escaped.
std::string escape_query(const std::string& text);

}  // namespace daybook::cli
