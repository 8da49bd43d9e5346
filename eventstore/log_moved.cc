#include "eventstore/log_moved.h"

#include "model/time.h"

namespace daybook::eventstore {

LogMoved::LogMoved(const MovedRecord& moved)
    : std::runtime_error("this log was moved on " + model::format_time(moved.time_us) + " to " +
                         std::string(moved.destination) + "; start Daybook there"),
      destination_(moved.destination) {}

}  // namespace daybook::eventstore
