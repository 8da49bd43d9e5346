#include "cli/demo.h"

#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <memory>

#include "api/credential.h"
#include "cli/demo_data.h"
#include "cli/demo_mails.h"
#include "cli/exit_codes.h"
#include "cli/serve.h"
#include "cli/terminal.h"

namespace daybook::cli {
namespace {

// The directory of a demo: one that is kept, or a temporary one that goes with this object.
class DemoDirectory {
 public:
  explicit DemoDirectory(std::filesystem::path path) : path_(std::move(path)), is_temporary_(path_.empty()) {
    if (!is_temporary_) return;
    std::string pattern = (std::filesystem::temp_directory_path() / "daybook-demo-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) {
      throw std::runtime_error("cannot make a directory " + pattern + "; see TMPDIR, or give --data DIR");
    }
    path_ = pattern;
  }
  ~DemoDirectory() {
    std::error_code ignored;
    if (is_temporary_) std::filesystem::remove_all(path_, ignored);
  }
  DemoDirectory(const DemoDirectory&) = delete;
  DemoDirectory& operator=(const DemoDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  bool is_temporary() const { return is_temporary_; }
  bool is_filled() const { return std::filesystem::exists(facts_file()); }
  /// Data of another origin must not lose its mails to a demo.
  bool is_foreign() const {
    return std::filesystem::exists(path_ / "log") && !is_filled() && !std::filesystem::exists(csv_file());
  }
  std::filesystem::path facts_file() const { return path_ / "demo.key"; }
  std::filesystem::path csv_file() const { return path_ / "messy-contacts.csv"; }

 private:
  std::filesystem::path path_;
  bool is_temporary_;
};

// Where its log goes, or where it went at the last start. Topics of its own, so that demos may share brokers.
LogChoice log_of(const DemoDirectory& directory, const std::string& brokers) {
  LogChoice choice = last_choice(directory.path());
  if (brokers.empty()) return choice;
  if (!choice.is_on_kafka) choice.kafka.prefix = "daybook-demo-" + api::random_secret().substr(0, 8) + ".";
  choice.is_on_kafka = true;
  choice.kafka.brokers = brokers;
  choice.kafka.create_topics = true;
  return choice;
}

void save(const DemoFacts& facts, const std::filesystem::path& file) {
  const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const std::string text = facts.api_key + "\n" + facts.open_deal_id + "\n";
  const bool is_written =
      descriptor >= 0 && write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (descriptor >= 0) close(descriptor);
  if (!is_written) throw std::runtime_error("cannot write " + file.string() + "; see the free space");
}

DemoFacts load(const std::filesystem::path& file) {
  std::ifstream in(file);
  DemoFacts facts;
  std::getline(in, facts.api_key);
  std::getline(in, facts.open_deal_id);
  return facts;
}

// This binary as a shell finds it from here.
std::string own_command() {
  const auto binary = std::filesystem::read_symlink("/proc/self/exe");
  const std::string near = binary.lexically_relative(std::filesystem::current_path()).string();
  return near.empty() || near.starts_with("..") ? binary.string() : "./" + near;
}

std::string framed(const std::vector<std::string>& lines) {
  std::size_t width = 0;
  for (const std::string& line : lines) width = std::max(width, line.size());
  std::string rule;
  for (std::size_t i = 0; i < width + 4; ++i) rule += "─";
  std::string out = "  ┌" + rule + "┐\n";
  for (const std::string& line : lines) out += "  │  " + line + std::string(width - line.size(), ' ') + "  │\n";
  return out + "  └" + rule + "┘\n";
}

void print_welcome(const Node& node, const DemoFacts& facts, const DemoDirectory& directory, const LogChoice& log) {
  const std::string command = own_command();
  const std::string key_file = directory.facts_file().string();
  std::cout << '\n'
            << framed({"Daybook demo. Not for production: mails are caught, keys are shown.", "",
                       "API        " + node.url(), "Reference  " + node.url() + "/docs",
                       "Data       " + directory.path().string() +
                           (directory.is_temporary() ? " (removed at the end)" : ""),
                       "Log        " + (log.is_on_kafka
                                            ? "Kafka at " + log.kafka.brokers + ", topics " + log.kafka.prefix + "*"
                                            : "embedded, in that directory"),
                       "Keys       " + key_file + " (API), operator.key beside it"})
            << "\n  API key       " << facts.api_key << "\n  Operator key  " << node.operator_key() << "\n\n  "
            << bold("Try in another terminal:", STDOUT_FILENO) << "\n\n"
            << "    export DAYBOOK_URL=" << node.url() << " DAYBOOK_KEY=$(head -n 1 '" << key_file << "')\n"
            << "    " << command << " contacts list --search ada --limit 5\n"
            << "    " << command << " import contacts '" << directory.csv_file().string() << "' --dry-run\n"
            << "    " << command << " deals move " << facts.open_deal_id << " won   # its owner's mail shows here\n"
            << "    " << command << " events tail --types 'deal.*'\n"
            << "    curl -sS -H \"Authorization: Bearer $DAYBOOK_KEY\" \"$DAYBOOK_URL/v1/contacts?q=ada&limit=3\"\n"
            << "\n  Ctrl-C stops it.\n"
            << std::endl;
}

int run_demo(NodeOptions options, const std::string& brokers) {
  const DemoDirectory directory(options.data.empty() ? options.data : std::filesystem::absolute(options.data));
  options.data = directory.path();
  if (directory.is_foreign()) {
    throw std::runtime_error(directory.path().string() +
                             " holds data that is no demo's; start it with `daybook serve --data " +
                             directory.path().string() + "`, or give the demo another directory");
  }
  std::filesystem::create_directories(directory.path());
  write_messy_csv(directory.csv_file());
  const LogChoice log = log_of(directory, brokers);
  options.log = log;
  const auto mails = std::make_shared<DemoMails>();
  options.mail = mails;
  return serve_until_signal(std::move(options), ServerLog(LogFormat::kPretty), [&](Node& node) {
    if (!directory.is_filled()) save(fill_demo(node.url(), node.operator_key()), directory.facts_file());
    print_welcome(node, load(directory.facts_file()), directory, log);
    mails->show();
  });
}

}  // namespace

void add_demo(CLI::App& app, int& exit_code) {
  CLI::App* demo = app.add_subcommand("demo", "Try it: a server with data worth looking at");
  demo->footer(
      "  daybook demo\n  daybook demo --data ./demo --listen 127.0.0.1:8080\n  daybook demo --brokers 127.0.0.1:9092");
  auto options = std::make_shared<NodeOptions>();
  auto listen = std::make_shared<std::string>("127.0.0.1:7400");
  demo->add_option("--data", options->data, "Directory to keep and to go on with; else a temporary one")
      ->type_name("DIR");
  demo->add_option("--listen", *listen, "Where to listen; port 0 takes a free one")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  auto brokers = std::make_shared<std::string>();
  demo->add_option("--brokers", *brokers,
                   "Keep the log on Apache Kafka, HOST:PORT with commas between, in topics of its own")
      ->type_name("LIST");
  demo->callback([options, listen, brokers, &exit_code] {
    if (!set_listen(*listen, *options)) throw UsageError("--listen is HOST:PORT, such as 127.0.0.1:7400");
    options->http.threads = 2;
    exit_code = run_demo(*options, *brokers);
  });
}

}  // namespace daybook::cli
