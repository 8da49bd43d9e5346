#pragma once

#include "domain/context.h"
#include "domain/fold.h"
#include "domain/result.h"
#include "domain/store.h"

namespace daybook::domain {

/// A decision made of several: each sees what the ones before it decided.
class Draft {
 public:
  Draft(const View& view, const Context& context);
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  /// The workspace as it will be after the events added so far.
  const View& view();
  void add(Event event);
  void add(const Events& events);
  Events take() { return std::move(events_); }

 private:
  LayerRows layer_;
  Store store_;
  Events events_;
  std::size_t folded_ = 0;  // how many of them the view shows; the others wait until somebody looks
};

}  // namespace daybook::domain
