#include "cli/http_client.h"

#include <curl/curl.h>
#include <unistd.h>

#include <algorithm>

#include "cli/exit_codes.h"

namespace daybook::cli {
namespace {

using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

constexpr long kUploadSeconds = 3600;
constexpr long kSilentSeconds = 60;
constexpr int kLookAgainMs = 200;
constexpr std::size_t kAnswerBytes = std::size_t{64} << 20;
constexpr std::size_t kRefusalBytes = std::size_t{64} << 10;

std::size_t collect(char* data, std::size_t size, std::size_t count, void* out) {
  auto& body = *static_cast<std::string*>(out);
  if (body.size() + size * count > kAnswerBytes) return 0;  // ends the transfer
  body.append(data, size * count);
  return size * count;
}

std::size_t collect_header(char* data, std::size_t size, std::size_t count, void* out) {
  std::string line(data, size * count);
  line.erase(line.find_last_not_of("\r\n") + 1);
  auto& headers = *static_cast<std::map<std::string, std::string>*>(out);
  if (line.starts_with("HTTP/")) headers.clear();  // of an answer before, such as 100 Continue
  if (const std::size_t colon = line.find(':'); colon != std::string::npos) {
    std::string name = line.substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
    const std::size_t begin = line.find_first_not_of(' ', colon + 1);
    headers[name] = begin == std::string::npos ? "" : line.substr(begin);
  }
  return size * count;
}

struct Sending {
  const FileUpload& file;
  std::uint64_t offset = 0;
};

std::size_t read_file(char* out, std::size_t size, std::size_t count, void* source) {
  auto& sending = *static_cast<Sending*>(source);
  const ssize_t got = pread(sending.file.descriptor, out, size * count, static_cast<off_t>(sending.offset));
  if (got < 0) return CURL_READFUNC_ABORT;
  sending.offset += static_cast<std::uint64_t>(got);
  if (sending.file.on_progress) sending.file.on_progress(sending.offset);
  return static_cast<std::size_t>(got);
}

int seek_file(void* source, curl_off_t offset, int origin) {
  if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
  static_cast<Sending*>(source)->offset = static_cast<std::uint64_t>(offset);
  return CURL_SEEKFUNC_OK;
}

bool is_loopback(const std::string& url) {
  return url.starts_with("http://127.") || url.starts_with("http://localhost") || url.starts_with("http://[::1]");
}

List authorization(const std::string& key) {
  if (key.empty()) return {nullptr, curl_slist_free_all};
  return {curl_slist_append(nullptr, ("Authorization: Bearer " + key).c_str()), curl_slist_free_all};
}

// What every request has in common; headers come in the order of the answer.
void set_up(CURL* curl, const std::string& url, const std::string& path, std::chrono::seconds connect,
            const List& headers, HttpAnswer& answer) {
  curl_easy_setopt(curl, CURLOPT_URL, (url + path).c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  if (is_loopback(url)) curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, static_cast<long>(connect.count()));
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, collect_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &answer.headers);
}

bool was_connected(CURLcode code) {
  return code != CURLE_COULDNT_CONNECT && code != CURLE_COULDNT_RESOLVE_HOST && code != CURLE_COULDNT_RESOLVE_PROXY &&
         code != CURLE_SSL_CONNECT_ERROR && code != CURLE_PEER_FAILED_VERIFICATION;
}

}  // namespace

std::string HttpAnswer::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

HttpClient::HttpClient(std::string url, std::string key, Patience patience)
    : url_(std::move(url)), key_(std::move(key)), patience_(patience), curl_(curl_easy_init(), curl_easy_cleanup) {
  if (!url_.starts_with("http://") && !url_.starts_with("https://")) {
    throw UsageError("--url is http://HOST:PORT or https://HOST:PORT, not \"" + url_ + "\"");
  }
  while (url_.ends_with('/')) url_.pop_back();
  if (!curl_) throw std::runtime_error("libcurl cannot start; see the free memory");
}

HttpAnswer HttpClient::send(const std::string& method, const std::string& path, const std::string& body) const {
  CURL* curl = curl_.get();
  curl_easy_reset(curl);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, static_cast<long>(patience_.answer.count()));
  if (body.empty()) return perform(method, path, {});
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.c_str());
  return perform(method, path, {"Content-Type: application/json"});
}

HttpAnswer HttpClient::upload(const std::string& path, const FileUpload& file,
                              const std::vector<std::string>& headers) const {
  CURL* curl = curl_.get();
  curl_easy_reset(curl);
  Sending sending{file};
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, kUploadSeconds);
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(file.bytes));
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, read_file);
  curl_easy_setopt(curl, CURLOPT_READDATA, &sending);
  curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, seek_file);
  curl_easy_setopt(curl, CURLOPT_SEEKDATA, &sending);
  std::vector<std::string> all = headers;
  all.push_back("Content-Type: " + file.content_type);
  return perform("POST", path, all);
}

HttpAnswer HttpClient::perform(const std::string& method, const std::string& path,
                               const std::vector<std::string>& headers) const {
  CURL* curl = curl_.get();
  List list = authorization(key_);
  for (const std::string& header : headers) {
    curl_slist* longer = curl_slist_append(list.get(), header.c_str());
    if (!list) list.reset(longer);
  }
  HttpAnswer answer;
  set_up(curl, url_, path, patience_.connect, list, answer);
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method.c_str());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
  const CURLcode code = curl_easy_perform(curl);
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
  // A server that refuses a body before it has come may close early: its answer is there all the same.
  const bool refused_early = code == CURLE_SEND_ERROR && answer.status >= 400;
  if (code == CURLE_OK || refused_early) return answer;
  if (code == CURLE_URL_MALFORMAT) throw UsageError("\"" + url_ + path + "\" is no URL");
  if (code == CURLE_ABORTED_BY_CALLBACK) throw std::runtime_error("the file cannot be read to its end");
  throw NotReachable(url_ + " is not reachable: " + curl_easy_strerror(code) + "; is `daybook serve` running there?",
                     was_connected(code));
}

// The transfer goes on while somebody reads, and at no other time: what comes meanwhile waits in the socket.
class HttpClient::Download final : public HttpDownload {
 public:
  Download(const std::string& url, const std::string& path, const std::string& key, std::chrono::seconds connect,
           std::function<void()> on_wait)
      : url_(url), on_wait_(std::move(on_wait)), headers_(authorization(key)) {
    if (!easy_ || !multi_) throw std::runtime_error("libcurl cannot start; see the free memory");
    CURL* curl = easy_.get();
    set_up(curl, url, path, connect, headers_, answer_);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");  // what goes between nodes is for no proxy that the environment names
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, kSilentSeconds);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);
    curl_multi_add_handle(multi_.get(), curl);
    wait();
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer_.status);
    if (answer_.status != 200) read_refusal();
  }
  ~Download() override { curl_multi_remove_handle(multi_.get(), easy_.get()); }
  Download(const Download&) = delete;
  Download& operator=(const Download&) = delete;

  const HttpAnswer& answer() const override { return answer_; }

  std::size_t read(std::span<char> out) override {
    if (answer_.status != 200) return 0;
    if (begin_ == body_.size()) wait();
    const std::size_t size = body_.copy(out.data(), out.size(), begin_);
    begin_ += size;
    return size;
  }

 private:
  static std::size_t take(char* data, std::size_t size, std::size_t count, void* download) {
    static_cast<Download*>(download)->body_.append(data, size * count);
    return size * count;
  }

  // Until there are bytes, or the end.
  void wait() {
    body_.clear();
    begin_ = 0;
    int running = 1;
    while (body_.empty() && !is_over_) {
      curl_multi_perform(multi_.get(), &running);
      if (running == 0) end();
      if (on_wait_) on_wait_();
      if (body_.empty() && !is_over_) curl_multi_poll(multi_.get(), nullptr, 0, kLookAgainMs, nullptr);
    }
  }

  void end() {
    is_over_ = true;
    int left = 0;
    const CURLMsg* message = curl_multi_info_read(multi_.get(), &left);
    const CURLcode code = message == nullptr ? CURLE_OUT_OF_MEMORY : message->data.result;
    if (code == CURLE_OK) return;
    const bool is_lost = was_connected(code);
    throw NotReachable((is_lost ? "the connection to " + url_ + " is lost: " : url_ + " is not reachable: ") +
                           curl_easy_strerror(code),
                       is_lost);
  }

  void read_refusal() {
    while (!body_.empty() && answer_.body.size() < kRefusalBytes) {
      answer_.body += body_;
      wait();
    }
  }

  const std::string url_;
  const std::function<void()> on_wait_;
  const List headers_;
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy_{curl_easy_init(), curl_easy_cleanup};
  const std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> multi_{curl_multi_init(), curl_multi_cleanup};
  HttpAnswer answer_;
  std::string body_;       // of the answer, so far as it came and was not read
  std::size_t begin_ = 0;  // of what was not read
  bool is_over_ = false;
};

std::unique_ptr<HttpDownload> HttpClient::download(const std::string& path, std::function<void()> on_wait) const {
  return std::make_unique<Download>(url_, path, key_, patience_.connect, std::move(on_wait));
}

std::string escape_query(const std::string& text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out.append({'%', kHex[byte >> 4], kHex[byte & 15]});
    }
  }
  return out;
}

}  // namespace daybook::cli
