#include "cli/operator_key.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

#include "api/credential.h"

namespace daybook::cli {

std::string load_or_create_operator_key(const std::filesystem::path& file) {
  if (std::ifstream in(file); in) {
    std::string key;
    std::getline(in, key);
    if (!key.starts_with("dbo_") || key.size() < 40) {
      throw std::runtime_error(file.string() +
                               " holds no operator key; delete it, and a new one is made at the next start");
    }
    return key;
  }
  const std::string key = "dbo_" + api::random_secret();
  const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0600);
  const std::string line = key + "\n";
  if (descriptor < 0 || write(descriptor, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
    throw std::runtime_error("cannot write " + file.string() + "; check the permissions of the data directory");
  }
  fsync(descriptor);
  close(descriptor);
  return key;
}

}  // namespace daybook::cli
