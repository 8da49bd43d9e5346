#pragma once

#include <pthread.h>

#include <string>
#include <thread>
#include <utility>

namespace daybook::model {

/// A thread that `top -H` and debuggers show by its name: 15 bytes at most, a longer one is not taken
/// (pthread_setname_np(3)). `run` is what std::jthread takes.
template <typename Run>
std::jthread named_thread(const std::string& name, Run run) {
  std::jthread thread(std::move(run));
  ::pthread_setname_np(thread.native_handle(), name.c_str());
  return thread;
}

}  // namespace daybook::model
