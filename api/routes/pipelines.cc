#include "api/routes/pipelines.h"

#include "api/command.h"
#include "api/routes/reads.h"
#include "api/routes/records.h"
#include "daybook/v1/deal.pb.h"
#include "domain/pipeline.h"
#include "domain/stages.h"

namespace daybook::api {
namespace {

const model::Kind& pipelines() { return domain::kind_of<v1::Pipeline>(); }

// A command on the pipeline of the path, which may be `default`; answered with the pipeline unless `status` is 204.
using ChangePipeline =
    std::function<domain::Result<domain::Events>(const model::Uuid&, const domain::View&, const domain::Context&)>;
void change(Call& call, const ChangePipeline& decide, unsigned status = 200) {
  const auto rows = call.rows();
  const auto id = pipeline_of(call, domain::View(*rows, call.workspace()));
  if (!id) return call.not_found();
  run_command(
      call,
      [id = *id, decide, status](const domain::View& view, const domain::Context& context) -> domain::Result<Decided> {
        auto events = decide(id, view, context);
        if (!events) return std::unexpected(std::move(events.error()));
        return Decided{std::move(*events), status, status == 204 ? nullptr : &pipelines(), id, {}};
      },
      {&pipelines(), *id, {}, {}});
}

void set_stages(Call& call) {
  if (!call.allow_parameters({})) return;
  const auto input =
      read_body(call, *model::schema().message("daybook.v1.SetStages"), {ReadMode::kCommand, {}, {}, nullptr});
  if (!input) return;
  change(call, [command = domain::parse<v1::SetStages>(input->own)](const model::Uuid& id, const domain::View& view,
                                                                    const domain::Context& context) {
    return domain::set_stages(id, command, view, context);
  });
}

void remove_stage(Call& call) {
  if (!call.allow_parameters({"replacement"})) return;
  change(call, [key = call.value(1), replacement = call.parameter("replacement")](
                   const model::Uuid& id, const domain::View& view, const domain::Context& context) {
    return domain::remove_stage(id, key, replacement, view, context);
  });
}

void remove_pipeline(Call& call) {
  if (!call.allow_parameters({})) return;
  change(call, domain::remove_pipeline, 204);
}

}  // namespace

std::vector<Route> pipeline_routes() {
  return {
      {"GET", "/v1/pipelines", "deals:read", list_records("pipeline")},
      {"POST", "/v1/pipelines", "workspace:write", create_record("pipeline")},
      {"GET", "/v1/pipelines/{id}", "deals:read", get_record("pipeline")},
      {"PATCH", "/v1/pipelines/{id}", "workspace:write", update_record("pipeline")},
      {"DELETE", "/v1/pipelines/{id}", "workspace:write", remove_pipeline},
      {"POST", "/v1/pipelines/{id}/restore", "workspace:write", restore_record("pipeline")},
      {"GET", "/v1/pipelines/{id}/board", "deals:read", get_board},
      {"PUT", "/v1/pipelines/{id}/stages", "workspace:write", set_stages},
      {"DELETE", "/v1/pipelines/{id}/stages/{key}", "workspace:write", remove_stage},
  };
}

}  // namespace daybook::api
