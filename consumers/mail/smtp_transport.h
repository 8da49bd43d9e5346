#pragma once
#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "consumers/mail/transport.h"

namespace daybook::consumers {

enum class SmtpTls {
  Required,  // STARTTLS with a certificate that is valid for the host, or nothing is sent
  Try,       // STARTTLS if offered, with any certificate; for a server on this machine
  Off,
};

struct SmtpOptions {
  std::string url;  // "smtp://HOST:PORT", or "smtps://" for TLS from the first byte; "USER:PASSWORD@" before the host
  SmtpTls tls = SmtpTls::Required;
  std::string from;                           // envelope sender, where bounces go
  std::chrono::milliseconds timeout{60'000};  // from connect to the last reply; QUIT may take as long again
  std::optional<std::string> ca_file;         // PEM; without it the system's certificate authorities count
};

// The text for `--smtp-tls`: "required", "try", "off".
std::optional<SmtpTls> parse_smtp_tls(std::string_view text);

// What is wrong with the options and how to put it right, as one sentence; nothing if they can be used. Pure: looks
// nothing up, connects to nothing. Try, and a password without required TLS, only go with a loopback host.
std::optional<std::string> check_smtp_options(const SmtpOptions& options);

// HOST:PORT that the options lead to, without user and password; empty if they cannot be used.
std::string server_of(const SmtpOptions& options);

// Sends by SMTP (RFC 5321), STARTTLS (RFC 3207); one connection a mail; no proxy. Thread-safe: a call shares nothing.
//
// 4xx, a failed connection or TLS, an unreadable reply and a time-out are Retry. 5xx to MAIL, RCPT, DATA and the final
// dot is Rejected; 5xx before that (greeting, EHLO, STARTTLS, AUTH) speaks about the connection and not about the mail,
// so it is Retry. No reply after the last byte was handed over is Unknown.
// A stop request ends a running send within about a second; its outcome is then Retry or Unknown.
class SmtpTransport final : public MailTransport {
 public:
  // Throws std::invalid_argument with check_smtp_options()'s text.
  explicit SmtpTransport(SmtpOptions options, std::stop_token stop = {});

  SendOutcome send(const Mail& mail) override;

  // Connects, greets, and begins TLS and logs in as for a mail, and sends none. What is wrong, without figures that
  // differ each time, and behind a semicolon the remedy; nothing where a mail could be handed over.
  std::optional<std::string> find_fault();

 private:
  SmtpOptions options_;
  std::stop_token stop_;
};

}  // namespace daybook::consumers
