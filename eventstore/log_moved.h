#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "eventstore/codec_record.h"

namespace daybook::eventstore {

/// The log ends here, and its history goes on in another one: nobody may serve this one any more.
class LogMoved : public std::runtime_error {
 public:
  explicit LogMoved(const MovedRecord& moved);
  const std::string& destination() const { return destination_; }

 private:
  std::string destination_;
};

/// What LogMoved says, where the last record of a log says that it moved; nothing where it says anything else.
std::optional<std::string> moved_text(std::string_view last_record);

}  // namespace daybook::eventstore
