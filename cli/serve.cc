#include "cli/serve.h"

#include <csignal>
#include <ctime>

#include <CLI/CLI.hpp>

#include "cli/exit_codes.h"
#include "cli/progress.h"
#include "cli/setting_flags.h"

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

// A signal came before there was anything to serve.
struct StoppedEarly {
  const char* next_start;
};

// A bar where somebody looks at stderr and lines are for people; otherwise lines of the log.
Progress::Options show_in(const ServerLog& log, Progress::Unit unit) {
  if (log.is_for_people()) return {.unit = unit};
  return {.unit = unit, .line = [&log](const std::string& line) { log.info(line); }};
}

}  // namespace

int serve_until_signal(NodeOptions options, const ServerLog& log, const std::function<void(Node&)>& ready) {
  const StopSignals signals;
  const std::chrono::seconds stop_after = options.stop_after;
  Progress copying("copying the read models of another node", show_in(log, Progress::Unit::kBytes));
  options.on_state_copy = [&](std::uint64_t bytes) {
    copying.at(bytes, std::nullopt);
    if (signals.wait(0)) throw StoppedEarly{"begins anew"};
  };
  Progress catching_up("catching up with the log, records", show_in(log, Progress::Unit::kCount));
  options.on_catch_up = [&](std::uint64_t applied, std::uint64_t end) {
    catching_up.at(applied, end);
    if (signals.wait(0)) throw StoppedEarly{"goes on from there"};
  };
  try {
    Node node(std::move(options), log);
    node.start();
    log.info("listening on " + node.url());
    ready(node);
    while (!signals.wait(200'000'000) && !node.failed()) {
    }
    signals.release();
    log.info("stopping; a second signal ends it at once");
    node.stop(stop_after);
    return node.failed() ? kRefused : kDone;
  } catch (const StoppedEarly& stopped) {
    log.info(std::string("stopped before it served; the next start ") + stopped.next_start);
    return kDone;
  }
}

void add_serve(CLI::App& app, int& exit_code) {
  auto given = std::make_shared<GivenSettings>();
  CLI::App* serve = app.add_subcommand("serve", "Run the server over a data directory");
  serve->footer(
      "  daybook serve --data /srv/daybook\n"
      "  daybook serve --config /etc/daybook.toml --listen 127.0.0.1:8080\n"
      "Every option may also stand in daybook.toml and in the environment: --smtp-url is smtp_url there and\n"
      "DAYBOOK_SMTP_URL here. `daybook config show` prints what counts.");
  add_setting_flags(*serve, *given);
  serve->callback([given, &exit_code] {
    const ServeOptions options = Settings(*given).options();
    require_data(options.node);
    exit_code = serve_until_signal(options.node, ServerLog(options.log_format), [](Node&) {});
  });
}

}  // namespace daybook::cli
