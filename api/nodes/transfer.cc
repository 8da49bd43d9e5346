#include "api/nodes/transfer.h"

#include <curl/curl.h>

#include <charconv>
#include <stdexcept>
#include <utility>

#include "api/nodes/end_to_end.h"
#include "api/server/separated.h"

namespace daybook::api {
namespace {

constexpr std::size_t kHeaderBytes = 64U << 10;  // of an answer
constexpr long kIdleSeconds = 30;                // a connection is used again: half of what the owner's server keeps it

template <typename Value>
void set(void* easy, CURLoption option, Value value) {
  const CURLcode code = curl_easy_setopt(easy, option, value);
  if (code != CURLE_OK) {
    throw std::runtime_error("libcurl " + std::string(curl_version()) + " refused option " + std::to_string(option) +
                             ": " + curl_easy_strerror(code) + "; install libcurl 7.88 or later.");
  }
}

// A field without a value ends in ';' for libcurl, which takes "Name:" for one that is not to be sent.
std::string curl_field(const std::string& name, const std::string& value) {
  return value.empty() ? name + ";" : name + ": " + value;
}

std::optional<std::uint64_t> length_of(const Response& head) {
  const auto text = head.header("Content-Length");
  if (!text || head.header("Transfer-Encoding")) return std::nullopt;
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), length);
  return error == std::errc() && end == text->data() + text->size() ? std::optional(length) : std::nullopt;
}

}  // namespace

// No exception may pass through libcurl.
struct Transfer::Callbacks {
  static Transfer& of(void* transfer) { return *static_cast<Transfer*>(transfer); }

  static std::size_t guarded(void* transfer, std::size_t failed, const auto& step) {
    try {
      return step(of(transfer));
    } catch (const std::exception& error) {
      of(transfer).callback_error_ = error.what();
      return failed;
    }
  }

  static int on_connected(void* transfer, char*, char*, int, int) {
    return of(transfer).may_send() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
  }

  static std::size_t on_upload(char* out, std::size_t size, std::size_t count, void* transfer) {
    return guarded(transfer, CURL_READFUNC_ABORT,
                   [&](Transfer& self) { return self.body_file_->read({out, size * count}); });
  }

  static std::size_t on_header(char* line, std::size_t size, std::size_t count, void* transfer) {
    return guarded(transfer, 0, [&](Transfer& self) {
      self.take_header_line({line, size * count});
      return size * count;
    });
  }

  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* transfer) {
    return guarded(transfer, 0, [&](Transfer& self) -> std::size_t {
      const Relay::Taken taken = self.relay_.take({bytes, size * count});
      self.paused_ = taken == Relay::Taken::kNotYet;
      if (self.paused_) return CURL_WRITEFUNC_PAUSE;
      return taken == Relay::Taken::kYes ? size * count : 0;
    });
  }
};

void Transfer::EasyCleanup::operator()(void* easy) const { curl_easy_cleanup(easy); }

void Transfer::ListFree::operator()(void* list) const { curl_slist_free_all(static_cast<curl_slist*>(list)); }

Transfer::Transfer(std::uint64_t id, Forward forward, const ForwarderOptions& options, Relay::Tell tell)
    : id_(id), options_(options), relay_(std::move(forward), options, std::move(tell)) {
  static_assert(CURL_ERROR_SIZE <= std::tuple_size_v<decltype(curl_error_)>);
}

Transfer::~Transfer() {
  if (multi_ != nullptr) curl_multi_remove_handle(multi_, easy_.get());
}

void Transfer::start(void* multi) {
  easy_.reset(curl_easy_init());
  if (!easy_) throw std::runtime_error("libcurl can't make a handle; check the memory limit");
  set_connection();
  set_fields();
  set_request();
  set_callbacks();
  const CURLMcode code = curl_multi_add_handle(multi, easy_.get());
  if (code != CURLM_OK) throw std::runtime_error(std::string("libcurl takes no handle: ") + curl_multi_strerror(code));
  multi_ = multi;
}

void Transfer::set_connection() {
  CURL* easy = easy_.get();
  set(easy, CURLOPT_URL, (url() + "/").c_str());
  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(easy, CURLOPT_PROXY, "");  // else libcurl follows http_proxy from the environment
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_MAXAGE_CONN, kIdleSeconds);
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout.count()));
  set(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(options_.silence_timeout.count()));
}

void Transfer::set_request() {
  CURL* easy = easy_.get();
  const Request& request = relay_.request();
  set(easy, CURLOPT_REQUEST_TARGET, request.target.c_str());
  if (request.method == "HEAD") return set(easy, CURLOPT_NOBODY, 1L);  // its body means nothing (RFC 9110 §9.3.2)
  if (!request.body_file.empty()) {
    body_file_.emplace(request.body_file);
    set(easy, CURLOPT_UPLOAD, 1L);
    set(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(body_file_->size_bytes()));
  } else if (!relay_.is_read() || !request.body.empty()) {
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(easy, CURLOPT_POSTFIELDS, request.body.c_str());  // not copied: the exchange keeps it
  }
  set(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

void Transfer::set_fields() {
  Headers own = relay_.forward().headers;
  own.emplace_back(kForwardedBy, options_.node_url);
  const Headers fields = forwarded_fields(relay_.request(), own);
  std::vector<std::string> lines = {"Expect:"};
  for (const std::string_view of_libcurl : {"Accept", "Content-Type"})
    if (!find_header(fields, of_libcurl)) lines.push_back(std::string(of_libcurl) + ":");
  for (const auto& [name, value] : fields) lines.push_back(curl_field(name, value));
  for (const std::string& line : lines) {
    curl_slist* longer = curl_slist_append(static_cast<curl_slist*>(fields_.get()), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    [[maybe_unused]] const void* same = fields_.release();
    fields_.reset(longer);
  }
  set(easy_.get(), CURLOPT_HTTPHEADER, static_cast<curl_slist*>(fields_.get()));
}

void Transfer::set_callbacks() {
  CURL* easy = easy_.get();
  set(easy, CURLOPT_PRIVATE, static_cast<void*>(this));
  set(easy, CURLOPT_ERRORBUFFER, curl_error_.data());
  set(easy, CURLOPT_PREREQFUNCTION, &Callbacks::on_connected);
  set(easy, CURLOPT_PREREQDATA, static_cast<void*>(this));
  set(easy, CURLOPT_READFUNCTION, &Callbacks::on_upload);
  set(easy, CURLOPT_READDATA, static_cast<void*>(this));
  set(easy, CURLOPT_HEADERFUNCTION, &Callbacks::on_header);
  set(easy, CURLOPT_HEADERDATA, static_cast<void*>(this));
  set(easy, CURLOPT_WRITEFUNCTION, &Callbacks::on_body);
  set(easy, CURLOPT_WRITEDATA, static_cast<void*>(this));
}

// Called before the request is written to a connection: a second time when libcurl finds that the first one, used
// before, was dead, and wants to repeat itself.
bool Transfer::may_send() { return !std::exchange(sent_, true) || relay_.is_read(); }

// A status line, a field, an empty line; the same again after an interim answer. What follows the body as trailers
// ended with the owner's connection (RFC 9110 §6.5.1).
void Transfer::take_header_line(std::string_view line) {
  if (relay_.has_begun()) return;
  head_bytes_ += line.size();
  if (head_bytes_ > kHeaderBytes) {
    throw std::runtime_error("the header of the answer is longer than " + std::to_string(kHeaderBytes) + " bytes");
  }
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (line.empty()) return take_end_of_header();
  if (line.starts_with("HTTP/")) {
    head_ = {};
  } else if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
    head_.headers.emplace_back(line.substr(0, colon), trimmed(line.substr(colon + 1)));
  }
}

void Transfer::take_end_of_header() {
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status < 200) return;
  head_.status = static_cast<unsigned>(status);
  const auto length = length_of(head_);
  relay_.begin(std::move(head_), length);
}

std::optional<std::string> Transfer::end(int code) {
  if (code == CURLE_OK && relay_.has_begun()) {
    relay_.complete();
    return std::nullopt;
  }
  if (!relay_.is_wanted()) {
    relay_.abandon();
    return std::nullopt;
  }
  fail(sent_ ? "The node that has this workspace did not answer; nothing was done."
             : "The node that has this workspace is out of reach; nothing was done.");
  return relay_.request().method + " " + relay_.request().path + " to " + url() + ": " + trouble(code);
}

std::string Transfer::trouble(int code) const {
  if (!callback_error_.empty()) return callback_error_;
  if (code == CURLE_ABORTED_BY_CALLBACK) return "the connection was lost; it is not known whether the request arrived";
  const std::string what = curl_easy_strerror(static_cast<CURLcode>(code));
  return what + (curl_error_[0] == '\0' ? "" : std::string(" (") + curl_error_.data() + ")") +
         "; check that the node runs and is reached at this URL";
}

bool Transfer::hear(const ClientNews& news) {
  relay_.hear(news);
  if (!relay_.is_wanted()) {
    relay_.abandon();
    return false;
  }
  if (!paused_ || !relay_.has_room()) return true;
  paused_ = false;
  return curl_easy_pause(easy_.get(), CURLPAUSE_CONT) == CURLE_OK;  // gives what it kept to on_body
}

bool Transfer::is_deserted(std::chrono::steady_clock::time_point now) {
  const auto& is_owner_still = relay_.forward().is_owner_still;
  if (relay_.has_begun() || !is_owner_still) return false;
  if (is_owner_still()) {
    replaced_at_.reset();
    return false;
  }
  if (!replaced_at_) replaced_at_ = now;
  return now - *replaced_at_ >= options_.former_owner_timeout;
}

void Transfer::fail(std::string_view if_undone) {
  if (!sent_ || relay_.is_read()) return relay_.fail("unavailable", if_undone);
  relay_.fail("outcome_unknown", "Whether this was done is not known; repeat it with the same Idempotency-Key.");
}

void Transfer::stop() {
  if (relay_.is_stream()) return relay_.abandon();
  fail("The server is stopping; nothing was done.");
}

}  // namespace daybook::api
