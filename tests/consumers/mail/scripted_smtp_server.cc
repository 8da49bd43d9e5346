#include "tests/consumers/mail/scripted_smtp_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <utility>

namespace daybook::consumers {
namespace {

std::pair<int, std::uint16_t> bind_loopback() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (fd < 0 || bind(fd, generic, length) != 0 || getsockname(fd, generic, &length) != 0) {
    throw std::runtime_error("no loopback port to bind");
  }
  return {fd, ntohs(address.sin_port)};
}

std::string url_of(std::uint16_t port) { return "smtp://127.0.0.1:" + std::to_string(port); }

// Reads up to and including `end`, one octet at a time to leave the rest in the socket; nothing if the client went.
std::optional<std::string> read_until(int client, std::string_view end) {
  std::string text;
  char c = 0;
  while (!text.ends_with(end)) {
    if (recv(client, &c, 1, 0) != 1) return std::nullopt;
    text += c;
  }
  return text;
}

void say(int client, std::string_view text) { (void)!send(client, text.data(), text.size(), MSG_NOSIGNAL); }

void wait_until_gone(int client) {
  std::array<char, 4096> ignored{};
  while (recv(client, ignored.data(), ignored.size(), 0) > 0) {
  }
}

std::string good_reply(SmtpStage stage) {
  switch (stage) {
    case SmtpStage::Greeting:
      return "220 test ready\r\n";
    case SmtpStage::Data:
      return "354 go ahead\r\n";
    case SmtpStage::StartTls:
      return "502 no TLS here\r\n";
    case SmtpStage::Quit:
      return "221 bye\r\n";
    default:
      return "250 ok\r\n";
  }
}

std::optional<SmtpStage> stage_of(std::string_view command) {
  if (command.starts_with("EHLO") || command.starts_with("HELO")) return SmtpStage::Ehlo;
  if (command.starts_with("STARTTLS")) return SmtpStage::StartTls;
  if (command.starts_with("MAIL")) return SmtpStage::Mail;
  if (command.starts_with("RCPT")) return SmtpStage::Rcpt;
  if (command.starts_with("DATA")) return SmtpStage::Data;
  if (command.starts_with("QUIT")) return SmtpStage::Quit;
  return std::nullopt;
}

}  // namespace

ScriptedSmtpServer::ScriptedSmtpServer(std::vector<SmtpStep> script) : script_(std::move(script)) {
  std::tie(listener_, port_) = bind_loopback();
  if (listen(listener_, 8) != 0) throw std::runtime_error("cannot listen on " + url());
  thread_ = std::jthread([this] { serve(); });
}

ScriptedSmtpServer::~ScriptedSmtpServer() {
  shutdown(listener_, SHUT_RDWR);  // wakes accept()
  thread_.join();
  close(listener_);
}

std::string ScriptedSmtpServer::url() const { return url_of(port_); }

std::vector<std::string> ScriptedSmtpServer::commands() const {
  const std::lock_guard lock(mutex_);
  return commands_;
}

std::vector<std::string> ScriptedSmtpServer::messages() const {
  const std::lock_guard lock(mutex_);
  return messages_;
}

void ScriptedSmtpServer::serve() {
  while (true) {
    const int client = accept(listener_, nullptr, nullptr);
    if (client < 0) return;
    converse(client);
    close(client);
  }
}

void ScriptedSmtpServer::converse(int client) {
  if (!answer(client, SmtpStage::Greeting)) return;
  while (const auto line = read_until(client, "\r\n")) {
    {
      const std::lock_guard lock(mutex_);
      commands_.push_back(line->substr(0, line->size() - 2));
    }
    const auto stage = stage_of(*line);
    if (!stage) say(client, line->starts_with("NOOP") ? "250 ok\r\n" : "500 what?\r\n");
    if (stage && !answer(client, *stage)) return;
    if (stage != SmtpStage::Data || !step_at(SmtpStage::Data).reply.starts_with("354")) continue;
    const auto message = read_until(client, "\r\n.\r\n");
    if (!message) return;
    {
      const std::lock_guard lock(mutex_);
      messages_.push_back(message->substr(0, message->size() - 3));
    }
    if (!answer(client, SmtpStage::FinalDot)) return;
  }
}

bool ScriptedSmtpServer::answer(int client, SmtpStage stage) {
  const SmtpStep step = step_at(stage);
  reached_ = std::max(reached_.load(), stage);
  say(client, step.reply);
  if (step.then == SmtpStep::Then::Hang) wait_until_gone(client);
  return step.then == SmtpStep::Then::GoOn && stage != SmtpStage::Quit;
}

SmtpStep ScriptedSmtpServer::step_at(SmtpStage stage) const {
  for (const SmtpStep& step : script_) {
    if (step.stage == stage) return step;
  }
  return {stage, good_reply(stage), SmtpStep::Then::GoOn};
}

std::string unused_smtp_url() {
  const auto [fd, port] = bind_loopback();
  close(fd);
  return url_of(port);
}

}  // namespace daybook::consumers
