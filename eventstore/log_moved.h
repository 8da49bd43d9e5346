#pragma once

#include <stdexcept>
#include <string>

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

}  // namespace daybook::eventstore
