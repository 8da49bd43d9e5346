#include "api/nodes/forward.h"

#include <utility>

#include "api/problem.h"

namespace daybook::api {

void give_answer(Exchange& exchange, Response answer, const std::function<void(unsigned status)>& answered) {
  const unsigned status = answer.status;
  if (exchange.reply(std::move(answer)) && answered) answered(status);
}

void give_problem(const Forward& forward, std::string_view code, std::string_view detail) {
  Response answer = problem(code, detail, forward.request_id, forward.exchange->request().path);
  if (!forward.request_id.empty()) answer.set_header("X-Request-Id", forward.request_id);
  give_answer(*forward.exchange, std::move(answer), forward.answered);
}

}  // namespace daybook::api
