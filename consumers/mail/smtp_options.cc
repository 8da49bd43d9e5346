#include <arpa/inet.h>
#include <curl/curl.h>

#include <memory>

#include "consumers/mail/smtp_transport.h"

namespace daybook::consumers {
namespace {

// libcurl's own parser, so that the host judged here is the host it connects to.
struct UrlCleanup {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, UrlCleanup>;

// Nothing if the URL does not have the part.
std::optional<std::string> part_of(const Url& url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url.get(), part, &text, flags) != CURLUE_OK) return std::nullopt;
  const std::unique_ptr<char, decltype(&curl_free)> owner(text, &curl_free);
  return std::string(text);
}

bool is_loopback(const std::string& host) {
  in_addr address{};
  if (inet_pton(AF_INET, host.c_str(), &address) == 1) return ntohl(address.s_addr) >> 24U == 127;
  return host == "localhost" || host == "[::1]";
}

std::optional<std::string> url_error(const SmtpOptions& options) {
  const Url url(curl_url());
  // The text is not repeated: it may hold a password.
  const std::string remedy = "; write it as smtp://HOST:PORT, for example --smtp-url smtp://mail.example.com:587.";
  if (!url || curl_url_set(url.get(), CURLUPART_URL, options.url.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
    return "The SMTP URL cannot be read" + remedy;
  }
  const auto scheme = part_of(url, CURLUPART_SCHEME);
  if (scheme != "smtp" && scheme != "smtps") return "The SMTP URL does not begin with smtp:// or smtps://" + remedy;
  if (part_of(url, CURLUPART_PATH).value_or("/") != "/" || part_of(url, CURLUPART_QUERY)) {
    return "The SMTP URL has text after the port" + remedy;
  }
  const std::string host = part_of(url, CURLUPART_HOST).value_or("");
  if (host.empty()) return "The SMTP URL has no host" + remedy;
  if (is_loopback(host)) return std::nullopt;
  if (options.tls == SmtpTls::Try) {
    return "--smtp-tls try would let anyone on the way to " + host +
           " switch encryption off, so it is for loopback hosts only; use --smtp-tls required, or off if you mean it.";
  }
  if (options.tls == SmtpTls::Off && scheme == "smtp" && part_of(url, CURLUPART_USER)) {
    return "The SMTP URL has a user, and with --smtp-tls off the password would go to " + host +
           " in clear; use --smtp-tls required.";
  }
  return std::nullopt;
}

}  // namespace

std::optional<SmtpTls> parse_smtp_tls(std::string_view text) {
  if (text == "required") return SmtpTls::Required;
  if (text == "try") return SmtpTls::Try;
  if (text == "off") return SmtpTls::Off;
  return std::nullopt;
}

std::string server_of(const SmtpOptions& options) {
  const Url url(curl_url());
  if (!url || curl_url_set(url.get(), CURLUPART_URL, options.url.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
    return {};
  }
  return part_of(url, CURLUPART_HOST).value_or("") + ":" +
         part_of(url, CURLUPART_PORT, CURLU_DEFAULT_PORT).value_or("25");
}

std::optional<std::string> check_smtp_options(const SmtpOptions& options) {
  constexpr std::chrono::minutes kLongest{10};
  if (auto error = url_error(options)) return error;
  if (!is_mail_address(options.from)) {
    return "The sender '" + options.from +
           "' is not a bare mail address; write it as in --mail-from daybook@example.com.";
  }
  if (options.timeout.count() < 1 || options.timeout > kLongest) {
    return "The SMTP timeout of " + std::to_string(options.timeout.count()) +
           " ms is out of range; choose 1 ms to 10 minutes.";
  }
  return std::nullopt;
}

}  // namespace daybook::consumers
