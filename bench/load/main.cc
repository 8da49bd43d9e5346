// A load on one server over HTTP, and what came of it as one line of JSON. Usage:
//   load WHAT PORT [key=K] [connections=64] [requests=N] [seconds=S] [rate=R] [seed=1] [first=0]
//                  [records=FILE] [owners=FILE] [ids=FILE]
// `rate` makes it an open loop: requests are sent when they are due, and latency counts from then. `records` and
// `owners` hold ids, one a line; the ids of what was made are written to `ids`.

#include <algorithm>
#include <cstdio>
#include <exception>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/load/connections.h"
#include "bench/load/requests.h"

namespace {

using daybook::bench::Load;
using daybook::bench::Measured;
using daybook::bench::Wanted;

std::vector<std::string> lines_of(const std::string& file) {
  std::vector<std::string> lines;
  if (file.empty()) return lines;
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

void write_lines(const std::string& file, const std::vector<std::string>& lines) {
  std::ofstream out(file);
  for (const std::string& line : lines) out << line << '\n';
  if (!out.flush()) throw std::runtime_error("cannot write " + file);
}

std::uint32_t quantile(const std::vector<std::uint32_t>& sorted, double part) {
  if (sorted.empty()) return 0;
  return sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(part * static_cast<double>(sorted.size())))];
}

void print(Measured measured) {
  std::vector<std::uint32_t>& us = measured.latencies_us;
  std::sort(us.begin(), us.end());
  for (char& c : measured.first_wrong) {
    if (c == '"' || c == '\\' || static_cast<unsigned char>(c) < 32) c = '\'';
  }
  std::printf(
      "{\"answered\":%llu,\"wrong\":%llu,\"first_wrong\":\"%s\",\"seconds\":%.3f,\"rate\":%.1f,\"p50_us\":%u,"
      "\"p90_us\":%u,\"p99_us\":%u,\"max_us\":%u}\n",
      static_cast<unsigned long long>(measured.answered), static_cast<unsigned long long>(measured.wrong),
      measured.first_wrong.c_str(), measured.seconds, static_cast<double>(us.size()) / measured.seconds,
      quantile(us, 0.5), quantile(us, 0.9), quantile(us, 0.99), us.empty() ? 0 : us.back());
}

int run(int argc, char** argv) {
  if (argc < 3) return std::fprintf(stderr, "usage: load WHAT PORT [name=value]...\n"), 2;
  std::map<std::string, std::string> given{{"connections", "64"}, {"requests", "0"}, {"seconds", "0"}, {"rate", "0"},
                                           {"seed", "1"},         {"first", "0"},    {"key", ""},      {"records", ""},
                                           {"owners", ""},        {"ids", ""}};
  for (int i = 3; i < argc; ++i) {
    const std::string argument = argv[i];
    const std::size_t split = argument.find('=');
    if (split == std::string::npos || !given.contains(argument.substr(0, split))) {
      throw std::runtime_error("not understood: " + argument);
    }
    given[argument.substr(0, split)] = argument.substr(split + 1);
  }
  const Load load{static_cast<std::uint16_t>(std::stoul(argv[2])), std::stoul(given["connections"]),
                  std::stoull(given["requests"]), std::stod(given["seconds"]), std::stod(given["rate"])};
  if (load.requests == 0 && load.seconds == 0) throw std::runtime_error("say requests= or seconds=");
  const auto requests =
      daybook::bench::make_requests({argv[1], given["key"], std::stoull(given["seed"]), std::stoull(given["first"]),
                                     lines_of(given["records"]), lines_of(given["owners"])});
  daybook::bench::Connections connections(load);
  print(connections.run(*requests));
  if (!given["ids"].empty()) write_lines(given["ids"], requests->ids());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
