#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "eventstore/log.h"

namespace daybook::eventstore::testing {

/// A log as the contract wants it, of one kind. Each kind tells how it is reopened and how its session is broken.
class LogUnderTest {
 public:
  virtual ~LogUnderTest() = default;
  virtual Log& log() = 0;
  /// As after a clean exit and a new start. Readers are gone before.
  virtual void reopen() = 0;
  /// The next append is reported kUnknown, and is not there.
  virtual void break_session() = 0;
  /// What broke it is over; the session itself stays broken.
  virtual void mend() = 0;
};

using MakeLog = std::unique_ptr<LogUnderTest> (*)();

/// One suite for every log: instantiate it with the kind's maker.
class LogContract : public ::testing::TestWithParam<MakeLog> {
 protected:
  Log& log() { return under_test_->log(); }

  std::future<Delivery> append_async(std::string record, std::vector<WrappedKey> keys = {}) {
    auto promise = std::make_shared<std::promise<Delivery>>();
    auto future = promise->get_future();
    log().append(0, {std::move(record), std::move(keys)}, [promise](Delivery fate) { promise->set_value(fate); });
    return future;
  }
  Delivery append(std::string record, std::vector<WrappedKey> keys = {}) {
    return append_async(std::move(record), std::move(keys)).get();
  }
  std::vector<LogRecord> records_from(std::uint64_t offset) {
    std::vector<LogRecord> records;
    const auto reader = log().read(0, offset);
    while (auto record = reader->next(std::chrono::milliseconds(0))) records.push_back(*std::move(record));
    return records;
  }
  std::vector<std::string> all() {
    std::vector<std::string> bytes;
    for (LogRecord& record : records_from(0)) bytes.push_back(std::move(record.bytes));
    return bytes;
  }

  std::unique_ptr<LogUnderTest> under_test_ = GetParam()();
};

}  // namespace daybook::eventstore::testing
