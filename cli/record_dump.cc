#include "cli/record_dump.h"

#include <iostream>
#include <stdexcept>

#include "model/json_output.h"

namespace daybook::cli {
namespace {

std::string line_of(std::uint32_t partition, const eventstore::LogRecord& record) {
  std::string line;
  {
    model::JsonOutput out(line);
    out.raw('{');
    out.name("partition", true);
    out.integer(partition);
    out.name("offset", false);
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
  Progress reading("dumping the log");
  for (std::uint32_t partition = 0; partition < log.partitions(); ++partition) {
    const auto reader = log.log().read(partition, 0);
    while (const auto record = reader->next(std::chrono::milliseconds(0))) {
      std::cout << line_of(partition, *record) << '\n';
      reading.at(record->offset, log.end(partition));
    }
  }
  std::cout.flush();
  if (!std::cout) throw std::runtime_error("cannot write the dump; see where stdout goes and its free space");
}

}  // namespace daybook::cli
