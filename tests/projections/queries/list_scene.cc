#include "tests/projections/queries/list_scene.h"

#include <gtest/gtest.h>

#include <array>

#include "model/text.h"
#include "projections/commit_fold.h"

namespace daybook::projections::test {
namespace {

constexpr std::array kFirstNames{"Jane", "José", "Janos", "Ann", "Ørjan", "Zoë", "Bo"};
constexpr std::array kLastNames{"Smith", "Smithson", "Müller", "Doe", "Łukasz", "O'Neil"};
constexpr std::array kStatuses{"LEAD", "ACTIVE", "Churned"};

std::size_t pick(std::mt19937& random, std::size_t count) { return random() % count; }
bool one_in(std::mt19937& random, std::size_t count) { return random() % count == 0; }

v1::Contact random_contact(std::mt19937& random) {
  v1::Contact contact;
  contact.set_first_name(kFirstNames[pick(random, kFirstNames.size())]);
  if (!one_in(random, 4)) contact.set_last_name(kLastNames[pick(random, kLastNames.size())]);
  if (!one_in(random, 5)) contact.set_email("mail" + std::to_string(random() % 1000) + "@example.com");
  contact.set_type(static_cast<v1::Contact::Type>(1 + pick(random, 5)));
  if (!one_in(random, 6)) contact.set_status(kStatuses[pick(random, kStatuses.size())]);
  contact.set_source(one_in(random, 2) ? v1::Contact::SOURCE_FORM : v1::Contact::SOURCE_MANUAL);
  if (!one_in(random, 5)) contact.set_is_subscribed(one_in(random, 2));
  if (!one_in(random, 3)) contact.set_owner_id(bytes(some_id(static_cast<std::uint8_t>(1 + pick(random, 4)))));
  if (!one_in(random, 4)) contact.set_company_id(bytes(some_id(static_cast<std::uint8_t>(20 + pick(random, 20)))));
  for (std::uint8_t tag = 50; tag < 53; ++tag) {
    if (one_in(random, 2)) contact.add_tag_ids(bytes(some_id(tag)));
  }
  if (!one_in(random, 5)) contact.set_sort_name(model::fold(contact.first_name() + " " + contact.last_name()));
  return contact;
}

}  // namespace

Scene::Scene(std::uint8_t workspace) { workspace_.value.bytes.fill(workspace); }

model::Uuid Scene::next_id() {
  return model::Uuid::version7(time_us_ / 1000, static_cast<std::uint32_t>(position_), position_);
}

void Scene::happen(const domain::Event& event) {
  eventstore::OpenedCommit opened;
  opened.commit.workspace = workspace_;
  opened.commit.command = model::Uuid::version7(time_us_ / 1000, 0, position_);
  opened.commit.first_position = position_;
  opened.commit.time_us = time_us_;
  opened.commit.events = {event};
  opened.after.next_position = ++position_;
  domain::LayerRows layer(rows_);
  fold_commit(opened, layer);
  domain::keep(layer.take(), rows_);
  time_us_ += kSecondUs;
}

void Scene::remove(const model::Kind& kind, const model::Uuid& id) {
  happen({kind.deleted_event, kind.number, id, v1::RecordDeleted().SerializeAsString(), {}, id});
}

model::Uuid some_id(std::uint8_t number) {
  model::Uuid id;
  id.bytes.fill(number);
  return id;
}

std::string bytes(const model::Uuid& id) { return std::string(id.view()); }

const model::Field& field_of(const model::Kind& kind, std::string_view name) {
  const model::Field* field = kind.message->field(name);
  if (field == nullptr) throw std::logic_error("no field " + std::string(name));
  return *field;
}

std::vector<model::Uuid> walk(const domain::RowReader& rows, ListRequest request, std::size_t most_pages) {
  std::vector<model::Uuid> ids;
  for (std::size_t pages = 1;; ++pages) {
    const ListPage page = list(rows, request);
    EXPECT_LE(page.items.size(), request.limit);
    for (const ListPage::Item& item : page.items) ids.push_back(item.id);
    if (!page.next) return ids;
    if (pages == most_pages) {
      ADD_FAILURE() << "the walk did not end within " << most_pages << " pages";
      return ids;
    }
    request.position = *page.next;
  }
}

void add_random_contacts(Scene& scene, std::mt19937& random, std::size_t count) {
  std::vector<model::Uuid> ids;
  for (std::size_t i = 0; i < count; ++i) ids.push_back(scene.add(random_contact(random)));
  for (std::size_t i = 0; i < count / 4; ++i) {
    v1::Contact set = random_contact(random);
    scene.change(ids[pick(random, count)], set, {v1::Contact::kOwnerIdFieldNumber, v1::Contact::kTagIdsFieldNumber});
  }
  for (std::size_t i = 0; i < count; i += 9) scene.remove(domain::kind_of<v1::Contact>(), ids[i]);
}

void add_random_deals(Scene& scene, std::mt19937& random, std::size_t count) {
  std::vector<model::Uuid> ids;
  for (std::size_t i = 0; i < count; ++i) {
    v1::Deal deal;
    deal.set_title(kLastNames[pick(random, kLastNames.size())]);
    deal.set_sort_name(model::fold(deal.title()));
    if (!one_in(random, 4)) deal.set_value(static_cast<std::int64_t>(pick(random, 20)) * 1000);
    deal.set_currency(one_in(random, 2) ? "EUR" : "USD");
    deal.set_pipeline_id(bytes(some_id(70)));
    deal.set_stage(one_in(random, 2) ? "lead" : "won");
    deal.set_kind(deal.stage() == "won" ? v1::Stage::KIND_WON : v1::Stage::KIND_OPEN);
    if (!one_in(random, 3)) deal.set_expected_close_date("2026-0" + std::to_string(1 + pick(random, 9)) + "-15");
    ids.push_back(scene.add(deal));
  }
  for (std::size_t i = 0; i < count; i += 7) scene.remove(domain::kind_of<v1::Deal>(), ids[i]);
}

}  // namespace daybook::projections::test
