#pragma once

#include <memory>
#include <string>

#include "api/call.h"

namespace daybook::api {

/// An import as a stream of server-sent events: what GET answers, each time that it has changed, until the import has
/// ended. Lives on the connection's thread, kept alive by its own next tick.
class ImportProgress : public std::enable_shared_from_this<ImportProgress> {
 public:
  ImportProgress(Call call, const model::Uuid& import) : call_(std::move(call)), import_(import) {}
  void start();

 private:
  void tick();
  void send(std::string chunk);

  Call call_;
  const model::Uuid import_;
  std::string shown_;
  bool writing_ = false;
  int ticks_ = 0;  // since something was sent
};

}  // namespace daybook::api
