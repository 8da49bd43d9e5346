#include "cli/doctor/mail.h"

#include "cli/serve_options.h"

namespace daybook::cli {
namespace {

constexpr std::chrono::seconds kPatience{4};

const std::string kName = "mail server";

std::string_view secured_as(consumers::SmtpTls tls) {
  switch (tls) {
    case consumers::SmtpTls::Required:
      return "with TLS and a certificate that is valid";
    case consumers::SmtpTls::Try:
      return "with TLS where it offers that";
    case consumers::SmtpTls::Off:
      break;
  }
  return "without TLS";
}

}  // namespace

Checks check_mail(const NodeOptions& options) {
  if (options.smtp_url.empty()) return {ok(kName, "none is named, so mails stay queued")};
  consumers::SmtpOptions smtp = smtp_of(options);
  smtp.timeout = kPatience;
  const std::string server = consumers::server_of(smtp);
  if (const auto fault = consumers::SmtpTransport(smtp).find_fault()) {
    return {failure_of(kName, server + ": " + *fault)};
  }
  return {ok(kName, server + " takes a connection " + std::string(secured_as(smtp.tls)))};
}

}  // namespace daybook::cli
