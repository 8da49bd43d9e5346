#include "projections/passing_directory.h"

#include <system_error>
#include <utility>

namespace daybook::projections {

PassingDirectory::PassingDirectory(std::filesystem::path path) : path_(std::move(path)) {
  std::filesystem::remove_all(path_);
}

PassingDirectory::~PassingDirectory() {
  std::error_code ignored;  // what cannot be deleted now goes with the next one
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace daybook::projections
