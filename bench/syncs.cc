// Loaded into a program with LD_PRELOAD, it counts the program's fsync and fdatasync calls in the 8 bytes of the file
// that BENCH_SYNCS names, and makes each last BENCH_SYNC_DELAY_US longer.

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace {

using Counter = std::atomic<std::uint64_t>;
using Sync = int (*)(int);

Counter* mapped_counter() {
  const char* file = std::getenv("BENCH_SYNCS");
  const int descriptor = file == nullptr ? -1 : ::open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0 || ::ftruncate(descriptor, sizeof(Counter)) != 0) return nullptr;
  void* memory = ::mmap(nullptr, sizeof(Counter), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  ::close(descriptor);
  return memory == MAP_FAILED ? nullptr : static_cast<Counter*>(memory);
}

int counted(const char* name, int descriptor) {
  static Counter* const kCounter = mapped_counter();
  static const char* const kDelay = std::getenv("BENCH_SYNC_DELAY_US");
  const int result = reinterpret_cast<Sync>(::dlsym(RTLD_NEXT, name))(descriptor);
  if (kDelay != nullptr) {
    const timespec delay{0, std::atol(kDelay) * 1000};
    ::nanosleep(&delay, nullptr);
  }
  if (kCounter != nullptr) kCounter->fetch_add(1, std::memory_order_relaxed);
  return result;
}

}  // namespace

extern "C" int fdatasync(int descriptor) { return counted("fdatasync", descriptor); }
extern "C" int fsync(int descriptor) { return counted("fsync", descriptor); }
