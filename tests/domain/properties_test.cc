// What holds whatever happens: random commands, each property looked at after every one of them.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

#include "daybook/v1/contact.pb.h"
#include "domain/links.h"
#include "tests/domain/random_commands.h"

namespace daybook::domain {
namespace {

using Tape = std::vector<std::uint32_t>;

Tape any_tape() {
  return *rc::gen::resize(150, rc::gen::container<Tape>(rc::gen::inRange<std::uint32_t>(0, 4'000'000'000)));
}

// Plays the tape; `after` looks at the workspace after each command that changed it.
std::vector<Events> play(const Tape& tape, Scene& scene, const std::function<void()>& after = [] {}) {
  std::vector<Events> commits;
  for (const std::uint32_t number : tape) {
    const auto result = scene.when(draw(number, scene.view()).command).result();
    if (!result || result->empty()) continue;
    scene.given(*result);
    commits.push_back(*result);
    after();
  }
  return commits;
}

void for_each_record(const View& view,
                     const std::function<void(const model::Kind&, const model::Uuid&, const std::string&)>& visit) {
  for (const model::Kind& kind : model::schema().kinds()) {
    view.for_each(kind, [&](const model::Uuid& id, std::string_view record) {
      visit(kind, id, std::string(record));
      return true;
    });
  }
}

void expect_unique_emails(const Scene& scene) {
  std::set<std::string> keys;
  scene.view().for_each(kind_of<v1::Contact>(), [&](const model::Uuid& id, std::string_view record) {
    if (is_deleted(record)) return true;
    const auto contact = parse<v1::Contact>(record);
    std::vector<std::string> own(contact.secondary_email_keys().begin(), contact.secondary_email_keys().end());
    if (contact.has_email_key()) own.push_back(contact.email_key());
    RC_ASSERT(contact.secondary_emails_size() == contact.secondary_email_keys_size());
    for (const std::string& key : own) {
      RC_ASSERT(keys.insert(key).second);
      RC_ASSERT(scene.view().find_unique(kind_of<v1::Contact>(), "email", key) == id);
    }
    return true;
  });
}

// No live record refers to a deleted one where on_delete says that it cannot, and none at all to a merged-away contact.
void expect_no_dangling_references(const Scene& scene) {
  for_each_record(scene.view(), [&](const model::Kind& kind, const model::Uuid&, const std::string& record) {
    for (const model::Field& field : kind.message->fields) {
      if (field.refers_to == 0 || field.name == "merged_into") continue;
      const bool may_stay = effect_on({&kind, &field}, record) == model::OnDelete::kKeep;
      for (const std::string_view target : model::get_all_bytes(record, field.number)) {
        const auto found = scene.view().record(kind_numbered(field.refers_to), named_id(target));
        RC_ASSERT(found.has_value());
        RC_ASSERT(may_stay || is_deleted(record) || !is_deleted(*found));
        if (field.refers_to == kind_of<v1::Contact>().number) {
          RC_ASSERT(!model::get_uuid(*found, v1::Contact::kMergedIntoFieldNumber).has_value());
        }
      }
    }
  });
}

// Every row, records without what counts and dates changes.
std::map<std::string, std::string> rows_without_stamps(const Scene& scene) {
  std::map<std::string, std::string> rows;
  for (const auto& [key, value] : scene.rows().all()) {
    rows[key] = value;
    if (key.front() != 'e') continue;
    v1::Meta meta = meta_of(value);
    meta.clear_version();
    meta.clear_updated_at();
    meta.clear_updated_by();
    meta.clear_command();
    rows[key] = model::overlay(value, with_meta(meta), {});
  }
  return rows;
}

RC_GTEST_PROP(Properties, AskingTwiceEmitsNothing, ()) {
  Scene scene;
  for (const std::uint32_t number : any_tape()) {
    const DrawnCommand drawn = draw(number, scene.view());
    const auto first = scene.when(drawn.command).result();
    if (!first) continue;
    scene.given(*first);
    if (drawn.creates) continue;
    const auto second = scene.when(drawn.command).result();
    RC_ASSERT(second.has_value());
    RC_ASSERT(second->empty());
  }
}

RC_GTEST_PROP(Properties, EMailsAreUniqueAtEveryPrefix, ()) {
  Scene scene;
  play(any_tape(), scene, [&] { expect_unique_emails(scene); });
}

RC_GTEST_PROP(Properties, NothingRefersToWhatIsGone, ()) {
  Scene scene;
  play(any_tape(), scene, [&] { expect_no_dangling_references(scene); });
}

RC_GTEST_PROP(Properties, FoldOfTheEventsIsTheState, ()) {
  Scene scene;
  const auto commits = play(any_tape(), scene);
  Scene again;
  for (const Events& events : commits) again.given(events);
  RC_ASSERT(scene.rows().all() == again.rows().all());
}

RC_GTEST_PROP(Properties, DeleteThenRestoreIsTheIdentity, ()) {
  Scene scene;
  play(any_tape(), scene);
  const auto record = draw_record(*rc::gen::inRange<std::uint32_t>(0, 1'000'000), true, scene.view());
  RC_PRE(record.has_value());
  const auto before = rows_without_stamps(scene);
  const auto gone = scene.when(
      [&](const View& view, const Context& context) { return remove(*record->kind, record->id, view, context); });
  const bool was_deleted = gone.result().has_value() && !gone.result()->empty();
  RC_PRE(was_deleted);
  scene.given(*gone.result());
  const auto back = scene.when(
      [&](const View& view, const Context& context) { return restore(*record->kind, record->id, view, context); });
  RC_ASSERT(back.result().has_value());
  scene.given(*back.result());
  RC_ASSERT(rows_without_stamps(scene) == before);
}

RC_GTEST_PROP(Properties, ACommandGivesARecordOneVersionAtMost, ()) {
  Scene scene;
  for (const std::uint32_t number : any_tape()) {
    std::map<std::string, std::int64_t> before;
    for_each_record(scene.view(), [&](const model::Kind& kind, const model::Uuid& id, const std::string& record) {
      before[kind.name + id.text()] = meta_of(record).version();
    });
    const auto result = scene.when(draw(number, scene.view()).command).result();
    if (!result) continue;
    scene.given(*result);
    for_each_record(scene.view(), [&](const model::Kind& kind, const model::Uuid& id, const std::string& record) {
      RC_ASSERT(meta_of(record).version() <= before[kind.name + id.text()] + 1);
    });
  }
}

}  // namespace
}  // namespace daybook::domain
