#include "consumers/mail/smtp_transport.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace daybook::consumers {
namespace {

using State = SendOutcome::State;

struct EasyCleanup {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
using Easy = std::unique_ptr<CURL, EasyCleanup>;

struct ListFree {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, ListFree>;

// What libcurl's callbacks see of one mail on its way.
struct Transfer {
  std::string bytes;
  std::stop_token stop;
  std::size_t handed_over = 0;
  bool mail_begun = false;   // MAIL went out: from here on, replies speak about the mail
  bool farewell = false;     // QUIT went out: its reply decides nothing
  std::string last_reply{};  // the last line the server sent before the farewell
  std::array<char, CURL_ERROR_SIZE> error{};

  bool all_handed_over() const { return handed_over == bytes.size(); }
};

std::size_t read_message(char* out, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::size_t length = std::min(size * count, transfer.bytes.size() - transfer.handed_over);
  std::memcpy(out, transfer.bytes.data() + transfer.handed_over, length);
  transfer.handed_over += length;
  return length;
}

// libcurl hands every reply line over as a "header". Kept short and printable, since people read it.
std::size_t keep_reply(char* line, std::size_t size, std::size_t count, void* user) {
  constexpr std::size_t kLongest = 200;
  auto& transfer = *static_cast<Transfer*>(user);
  if (transfer.farewell) return size * count;
  std::string& reply = transfer.last_reply;
  reply.assign(line, std::min(size * count, kLongest));
  while (reply.ends_with('\n') || reply.ends_with('\r')) reply.pop_back();
  std::ranges::replace_if(reply, [](char c) { return c < ' ' || c > '~'; }, '?');
  return size * count;
}

// libcurl tells what it sent only to its debug callback. Passwords pass by here too, so nothing is kept.
int note_command(CURL*, curl_infotype type, char* data, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (type != CURLINFO_HEADER_OUT) return 0;
  const std::string_view command(data, size);
  if (command.starts_with("MAIL FROM:")) transfer.mail_begun = true;
  if (command.starts_with("QUIT")) transfer.farewell = true;
  return 0;
}

int stop_requested(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Transfer*>(user)->stop.stop_requested() ? 1 : 0;
}

template <typename Value>
void set(const Easy& curl, CURLoption option, Value value) {
  const CURLcode code = curl_easy_setopt(curl.get(), option, value);
  if (code != CURLE_OK) {
    throw std::runtime_error("libcurl " + std::string(curl_version()) + " refused option " + std::to_string(option) +
                             ": " + curl_easy_strerror(code) + "; install a libcurl with SMTP and OpenSSL.");
  }
}

long use_ssl(SmtpTls tls) {
  switch (tls) {
    case SmtpTls::Required:
      return CURLUSESSL_ALL;
    case SmtpTls::Try:
      return CURLUSESSL_TRY;
    case SmtpTls::Off:
      break;
  }
  return CURLUSESSL_NONE;
}

void configure_connection(const Easy& curl, const SmtpOptions& options) {
  set(curl, CURLOPT_URL, options.url.c_str());
  set(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set(curl, CURLOPT_PROXY, "");  // else libcurl follows ALL_PROXY from the environment
  set(curl, CURLOPT_NOSIGNAL, 1L);
  set(curl, CURLOPT_FORBID_REUSE, 1L);  // QUIT goes out while the send still runs, where a stop request ends the wait
  set(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout.count()));
  set(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.timeout.count()));
  // Bounds the wait for the reply to QUIT, which the overall time-out does not cover.
  set(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT,
      static_cast<long>(std::chrono::ceil<std::chrono::seconds>(options.timeout).count()));
  set(curl, CURLOPT_USE_SSL, use_ssl(options.tls));
  set(curl, CURLOPT_SSL_VERIFYPEER, options.tls == SmtpTls::Required ? 1L : 0L);
  set(curl, CURLOPT_SSL_VERIFYHOST, options.tls == SmtpTls::Required ? 2L : 0L);
  if (options.ca_file) set(curl, CURLOPT_CAINFO, options.ca_file->c_str());
}

void configure_transfer(const Easy& curl, Transfer& transfer) {
  set(curl, CURLOPT_UPLOAD, 1L);
  set(curl, CURLOPT_READFUNCTION, &read_message);
  set(curl, CURLOPT_READDATA, &transfer);
  set(curl, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(transfer.bytes.size()));
  set(curl, CURLOPT_HEADERFUNCTION, &keep_reply);
  set(curl, CURLOPT_HEADERDATA, &transfer);
  set(curl, CURLOPT_VERBOSE, 1L);  // calls the debug callback instead of writing to stderr
  set(curl, CURLOPT_DEBUGFUNCTION, &note_command);
  set(curl, CURLOPT_DEBUGDATA, &transfer);
  set(curl, CURLOPT_NOPROGRESS, 0L);
  set(curl, CURLOPT_XFERINFOFUNCTION, &stop_requested);
  set(curl, CURLOPT_XFERINFODATA, &transfer);
  set(curl, CURLOPT_ERRORBUFFER, transfer.error.data());
}

std::string remedy(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
      return "; check --smtp-url and that the mail server runs";
    case CURLE_RECV_ERROR:
      return "; the server closed the connection or does not speak SMTP";
    case CURLE_USE_SSL_FAILED:
      return "; the server gave no STARTTLS: use one that does, or --smtp-tls off if you mean it";
    case CURLE_PEER_FAILED_VERIFICATION:
      return "; the server's certificate is not valid for the host in --smtp-url, or its authority is not trusted here";
    case CURLE_SSL_CACERT_BADFILE:
      return "; check --smtp-ca";
    case CURLE_LOGIN_DENIED:
      return "; check user and password in --smtp-url";
    default:
      return "";
  }
}

State state_of_failure(int refusal, const Transfer& transfer) {
  if (refusal >= 500 && transfer.mail_begun) return State::Rejected;
  if (refusal != 0) return State::Retry;
  return transfer.all_handed_over() ? State::Unknown : State::Retry;
}

SendOutcome outcome_of(const Easy& curl, CURLcode code, const Transfer& transfer) {
  long reply = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &reply);
  if (code == CURLE_OK) return {State::Accepted, static_cast<int>(reply), transfer.last_reply};
  // After a lost connection the last reply is the good one to the step before, which decides nothing.
  const int refusal = reply >= 400 ? static_cast<int>(reply) : 0;
  std::string detail = (transfer.error[0] != '\0' ? transfer.error.data() : curl_easy_strerror(code)) + remedy(code);
  if (!transfer.last_reply.empty()) detail += " (last reply: " + transfer.last_reply + ')';
  return {state_of_failure(refusal, transfer), refusal, detail};
}

// libcurl tells how many milliseconds these took.
bool is_told_with_its_time(CURLcode code) { return code == CURLE_COULDNT_CONNECT || code == CURLE_OPERATION_TIMEDOUT; }

std::string fault_of(CURLcode code, const Transfer& transfer) {
  const bool is_told = transfer.error[0] != '\0' && !is_told_with_its_time(code);
  std::string fault = is_told ? transfer.error.data() : curl_easy_strerror(code);
  if (!transfer.last_reply.empty()) fault += " (last reply: " + transfer.last_reply + ')';
  const std::string mends = remedy(code);
  return fault + (mends.empty() ? "; see that the mail server behind --smtp-url works, and its own lines" : mends);
}

}  // namespace

SmtpTransport::SmtpTransport(SmtpOptions options, std::stop_token stop)
    : options_(std::move(options)), stop_(std::move(stop)) {
  if (const auto error = check_smtp_options(options_)) throw std::invalid_argument(*error);
}

SendOutcome SmtpTransport::send(const Mail& mail) {
  auto bytes = compose(mail);
  if (!bytes) return {State::Rejected, 0, bytes.error()};
  Transfer transfer{.bytes = *std::move(bytes), .stop = stop_};
  const List recipients(curl_slist_append(nullptr, mail.to_address.c_str()));
  // The handle goes first: its farewell to the server still calls back into the transfer.
  const Easy curl(curl_easy_init());
  if (!curl || !recipients) return {State::Retry, 0, "libcurl could not be set up; check the memory limit"};
  configure_connection(curl, options_);
  configure_transfer(curl, transfer);
  set(curl, CURLOPT_MAIL_FROM, options_.from.c_str());
  set(curl, CURLOPT_MAIL_RCPT, recipients.get());
  return outcome_of(curl, curl_easy_perform(curl.get()), transfer);
}

std::optional<std::string> SmtpTransport::find_fault() {
  Transfer transfer{.bytes = {}, .stop = stop_};
  const Easy curl(curl_easy_init());
  if (!curl) return "libcurl could not be set up; check the memory limit";
  configure_connection(curl, options_);
  configure_transfer(curl, transfer);
  set(curl, CURLOPT_NOBODY, 1L);
  set(curl, CURLOPT_CUSTOMREQUEST, "NOOP");
  const CURLcode code = curl_easy_perform(curl.get());
  return code == CURLE_OK ? std::nullopt : std::optional(fault_of(code, transfer));
}

}  // namespace daybook::consumers
