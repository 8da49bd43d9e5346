#include "cli/serve.h"

#include <csignal>
#include <ctime>
#include <iostream>

#include <CLI/CLI.hpp>

namespace daybook::cli {
namespace {

// The signals that end a server, blocked in every thread and taken here.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
  }

  /// True when a signal came within the time.
  bool wait(long nanoseconds) const {
    const timespec time{0, nanoseconds};
    return sigtimedwait(&signals_, nullptr, &time) > 0;
  }

  /// From here on a signal ends the process the hard way.
  void release() const { pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr); }

 private:
  sigset_t signals_{};
};

}  // namespace

void set_listen(const std::string& listen, NodeOptions& options) {
  const auto colon = listen.rfind(':');
  if (colon == std::string::npos) throw CLI::ValidationError("--listen", "is HOST:PORT, such as 127.0.0.1:7400");
  options.host = listen.substr(0, colon);
  try {
    const unsigned long port = std::stoul(listen.substr(colon + 1));
    if (port > 65535) throw std::out_of_range("port");
    options.port = static_cast<std::uint16_t>(port);
  } catch (const std::logic_error&) {
    throw CLI::ValidationError("--listen", "the port is a number from 0 to 65535");
  }
}

int serve_until_signal(NodeOptions options, const std::function<void(Node&)>& ready) {
  const StopSignals signals;
  Node node(std::move(options), [](const std::string& line) { std::cerr << line << '\n'; });
  node.start();
  std::cerr << "listening on " << node.url() << std::endl;
  ready(node);
  while (!signals.wait(200'000'000) && !node.failed()) {
  }
  signals.release();
  std::cerr << "stopping" << std::endl;
  const bool failed = node.failed();
  node.stop();
  return failed ? 1 : 0;
}

void add_serve(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<NodeOptions>();
  auto listen = std::make_shared<std::string>("127.0.0.1:7400");
  CLI::App* serve = app.add_subcommand("serve", "Run the server over a data directory");
  serve->add_option("--data", options->data, "Data directory; made when missing")->required()->envname("DAYBOOK_DATA");
  serve->add_option("--listen", *listen, "HOST:PORT; port 0 takes a free one")
      ->envname("DAYBOOK_LISTEN")
      ->capture_default_str();
  serve->add_option("--high-water", options->high_water, "File that detects a log rolled back; best on another volume")
      ->envname("DAYBOOK_HIGH_WATER");
  serve->add_option("--smtp-url", options->smtp_url, "smtp://HOST:PORT; without it mails stay queued")
      ->envname("DAYBOOK_SMTP_URL");
  serve->add_option("--smtp-tls", options->smtp_tls, "required, try (loopback only) or off")
      ->check(CLI::IsMember({"required", "try", "off"}))
      ->envname("DAYBOOK_SMTP_TLS")
      ->capture_default_str();
  serve->add_option("--smtp-ca", options->smtp_ca, "PEM file of authorities to trust for the mail server")
      ->check(CLI::ExistingFile)
      ->envname("DAYBOOK_SMTP_CA");
  serve
      ->add_option_function<int>(
          "--smtp-retry", [options](int seconds) { options->smtp_retry = std::chrono::seconds(seconds); },
          "Seconds before a mail is tried again, 1 to 600; doubles up to ten minutes")
      ->check(CLI::Range(1, 600))
      ->envname("DAYBOOK_SMTP_RETRY")
      ->default_str("5");
  serve->add_option("--mail-from", options->mail_from, "Sender address of mails")
      ->envname("DAYBOOK_MAIL_FROM")
      ->capture_default_str();
  serve->add_option("--public-url", options->public_url, "Where people reach this server, for links in mails")
      ->envname("DAYBOOK_PUBLIC_URL");
  serve->callback([options, listen, &exit_code] {
    set_listen(*listen, *options);
    exit_code = serve_until_signal(*options, [](Node&) {});
  });
}

}  // namespace daybook::cli
