#include "cli/doctor/examination.h"

#include <filesystem>
#include <future>
#include <string_view>
#include <thread>

namespace daybook::cli {

void Examination::add(Check check) {
  constexpr std::string_view kThis = "daybook doctor";
  if (const std::size_t at = check.remedy.find(kThis); at != std::string::npos) {
    check.remedy.replace(at, kThis.size(), again_);
  }
  checks_.push_back(std::move(check));
}

void Examination::look(const std::string& name, std::chrono::seconds limit, std::function<Checks()> look) {
  if (is_left_hanging_) return;
  std::packaged_task<Checks()> task(std::move(look));
  auto finding = task.get_future();
  std::thread looker(std::move(task));
  if (finding.wait_for(limit) != std::future_status::ready) {
    looker.detach();
    is_left_hanging_ = true;
    add(failure(name, "no end within " + std::to_string(limit.count()) + " seconds, and nothing more was looked at",
                "dmesg | tail  # a disk that hangs; otherwise see the name servers"));
    return;
  }
  looker.join();
  try {
    for (Check& check : finding.get()) add(std::move(check));
  } catch (const std::filesystem::filesystem_error& error) {
    const std::string path = error.path1().string();
    add(failure(name, path + ": " + error.code().message(),
                "ls -ld " + path + "  # it is there, and the server's user may use it?"));
  } catch (const std::exception& error) {
    Check check = failure_of(name, error.what());
    if (check.remedy.empty()) check.remedy = "daybook doctor  # again, once that is settled";
    add(std::move(check));
  }
}

}  // namespace daybook::cli
