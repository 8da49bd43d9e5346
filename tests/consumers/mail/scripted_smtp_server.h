#pragma once
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace daybook::consumers {

enum class SmtpStage { Greeting, Ehlo, StartTls, Mail, Rcpt, Data, FinalDot, Quit };

// What the server does at one stage instead of its usual good answer: says `reply` if there is one, and then goes on,
// closes the connection, or stays silent until the client goes away.
struct SmtpStep {
  enum class Then { GoOn, Drop, Hang };
  SmtpStage stage = SmtpStage::Greeting;
  std::string reply;  // with its CRLF
  Then then = Then::GoOn;
};

// A mail server on a loopback port of its own that follows a script, one connection after another, each the same.
class ScriptedSmtpServer {
 public:
  explicit ScriptedSmtpServer(std::vector<SmtpStep> script = {});
  ~ScriptedSmtpServer();
  ScriptedSmtpServer(const ScriptedSmtpServer&) = delete;
  ScriptedSmtpServer& operator=(const ScriptedSmtpServer&) = delete;

  std::string url() const;

  // The lines of all connections so far, without those of messages.
  std::vector<std::string> commands() const;

  // The furthest stage of all connections so far.
  SmtpStage reached() const { return reached_; }

  // The messages that were ended by their dot, as sent: still with doubled dots.
  std::vector<std::string> messages() const;

 private:
  void serve();
  void converse(int client);
  bool answer(int client, SmtpStage stage);  // false: the connection is over
  SmtpStep step_at(SmtpStage stage) const;

  std::vector<SmtpStep> script_;
  std::atomic<SmtpStage> reached_ = SmtpStage::Greeting;
  int listener_;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> commands_;
  std::vector<std::string> messages_;
  std::jthread thread_;
};

// A loopback URL at which nothing listens.
std::string unused_smtp_url();

}  // namespace daybook::consumers
