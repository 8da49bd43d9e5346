#include "cli/record_dump.h"

#include <iostream>
#include <stdexcept>

#include "model/json_output.h"

namespace daybook::cli {
namespace {

std::string line_of(const eventstore::LogRecord& record) {
  std::string line;
  {
    model::JsonOutput out(line);
    out.raw('{');
    out.name("offset", true);
    out.integer(static_cast<std::int64_t>(record.offset));
    out.name("record", false);
    out.base64(record.bytes);
    out.raw('}');
  }
  return line;
}

}  // namespace

void dump_records(const OfflineOptions& options) {
  OfflineLog log(options);
  const auto reader = log.log().read(0, 0);
  Progress reading("dumping the log");
  while (const auto record = reader->next(std::chrono::milliseconds(0))) {
    std::cout << line_of(*record) << '\n';
    reading.at(record->offset, log.end());
  }
  std::cout.flush();
  if (!std::cout) throw std::runtime_error("cannot write the dump; see where stdout goes and its free space");
}

}  // namespace daybook::cli
