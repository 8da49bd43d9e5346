#include "domain/pipeline.h"

#include <algorithm>

#include "model/text.h"

namespace daybook::domain {
namespace {

void add_stage(v1::Pipeline& pipeline, const char* key, const char* label, v1::Stage::Kind kind, int probability) {
  v1::Stage& stage = *pipeline.add_stages();
  stage.set_key(key);
  stage.set_label(label);
  stage.set_kind(kind);
  stage.set_probability(probability);
}

void fill_pipeline(v1::Pipeline& pipeline, const View&, const Context&) {
  if (pipeline.stages().empty()) *pipeline.mutable_stages() = default_pipeline().stages();
}

}  // namespace

v1::Pipeline default_pipeline() {
  v1::Pipeline pipeline;
  pipeline.set_name("Sales");
  add_stage(pipeline, "lead", "Lead", v1::Stage::KIND_OPEN, 10);
  add_stage(pipeline, "qualified", "Qualified", v1::Stage::KIND_OPEN, 30);
  add_stage(pipeline, "proposal", "Proposal", v1::Stage::KIND_OPEN, 50);
  add_stage(pipeline, "negotiation", "Negotiation", v1::Stage::KIND_OPEN, 75);
  add_stage(pipeline, "won", "Won", v1::Stage::KIND_WON, 100);
  add_stage(pipeline, "lost", "Lost", v1::Stage::KIND_LOST, 0);
  return pipeline;
}

std::optional<model::Uuid> first_pipeline(const View& view) {
  std::optional<model::Uuid> first;
  view.for_each(kind_of<v1::Pipeline>(), [&](const model::Uuid& id, std::string_view record) {
    if (!is_deleted(record)) first = id;
    return !first;
  });
  return first;
}

Result<model::Uuid> find_pipeline(std::string_view name, const View& view) {
  const auto id = name == "default" ? first_pipeline(view) : model::Uuid::parse(name);
  if (id) {
    const auto record = view.record(kind_of<v1::Pipeline>(), *id);
    if (record && !is_deleted(*record)) return *id;
  }
  return invalid("/pipeline", "not_found", "There is no such pipeline; give its id or \"default\".");
}

std::vector<std::string> stage_keys(const View& view) {
  std::vector<std::string> keys;
  view.for_each(kind_of<v1::Pipeline>(), [&](const model::Uuid&, std::string_view record) {
    if (is_deleted(record)) return true;
    const auto pipeline = parse<v1::Pipeline>(record);
    for (const v1::Stage& stage : pipeline.stages()) {
      if (std::ranges::find(keys, stage.key()) == keys.end()) keys.push_back(stage.key());
    }
    return true;
  });
  return keys;
}

const v1::Stage* find_stage(const v1::Pipeline& pipeline, std::string_view key_or_label) {
  for (const v1::Stage& stage : pipeline.stages()) {
    if (!stage.archived() && stage.key() == key_or_label) return &stage;
  }
  const std::string folded = model::fold(key_or_label);
  for (const v1::Stage& stage : pipeline.stages()) {
    if (!stage.archived() && (model::fold(stage.label()) == folded || model::fold(stage.key()) == folded))
      return &stage;
  }
  return nullptr;
}

KindRules pipeline_rules() { return {.fill = typed(fill_pipeline)}; }

}  // namespace daybook::domain
