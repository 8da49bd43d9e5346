#include "eventstore/log_moved.h"

#include "model/time.h"

namespace daybook::eventstore {

LogMoved::LogMoved(const MovedRecord& moved)
    : std::runtime_error("this log was moved on " + model::format_time(moved.time_us) + " to " +
                         std::string(moved.destination) + "; start Daybook there"),
      destination_(moved.destination) {}

std::optional<std::string> moved_text(std::string_view last_record) {
  const auto record = read_record(last_record);
  const auto* moved = record ? std::get_if<MovedRecord>(&*record) : nullptr;
  return moved == nullptr ? std::nullopt : std::optional<std::string>(LogMoved(*moved).what());
}

}  // namespace daybook::eventstore
