#include "domain/draft.h"

namespace daybook::domain {

Draft::Draft(const View& view, const Context& context)
    : layer_(view.rows()), store_(layer_, view.workspace(), {context.time_us, context.actor, context.command}) {}

const View& Draft::view() {
  while (folded_ < events_.size()) fold().apply(events_[folded_++], store_);
  return store_.view();
}

void Draft::add(Event event) { events_.push_back(std::move(event)); }

void Draft::add(const Events& events) {
  for (const Event& event : events) add(event);
}

}  // namespace daybook::domain
