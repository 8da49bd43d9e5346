// What the machine gives without a product: `limits rows DIRECTORY SECONDS` and `limits replies`.

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string_view>

#include "bench/limits/limits.h"

int main(int argc, char** argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  try {
    if (what == "rows" && argc == 4) return daybook::bench::measure_durable_rows(argv[2], std::atof(argv[3])), 0;
    if (what == "replies" && argc == 2) return daybook::bench::serve_replies(), 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  std::fprintf(stderr, "usage: limits rows DIRECTORY SECONDS | limits replies\n");
  return 2;
}
