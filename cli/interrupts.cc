#include "cli/interrupts.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace daybook::cli {
namespace {

sigset_t interrupt() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  return set;
}

}  // namespace

Interrupts::Interrupts() {
  const sigset_t set = interrupt();
  descriptor_ = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  if (descriptor_ < 0) throw std::runtime_error("cannot wait for Ctrl-C; see the limit of open files (ulimit -n)");
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

Interrupts::~Interrupts() {
  const sigset_t set = interrupt();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  close(descriptor_);
}

bool Interrupts::wait(std::chrono::milliseconds pause) {
  pollfd waiting{descriptor_, POLLIN, 0};
  poll(&waiting, 1, static_cast<int>(pause.count()));
  signalfd_siginfo info{};
  return read(descriptor_, &info, sizeof(info)) == static_cast<ssize_t>(sizeof(info));
}

}  // namespace daybook::cli
