#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daybook/v1/contact.pb.h"
#include "projections/commit_fold.h"
#include "projections/history.h"
#include "tests/projections/queries/list_scene.h"

namespace daybook::projections {
namespace {

using test::some_id;
using testing::ElementsAre;

const model::Kind& contacts() { return domain::kind_of<v1::Contact>(); }

domain::Event contact_event(const std::string& name, const model::Uuid& id, const char* status) {
  v1::Contact contact;
  contact.set_status(status);
  return {name, contacts().number, id, contact.SerializeAsString(), {}, id};
}

// One commit: Ada is created and changed twice, and Bo is created in between.
struct SeveralEvents {
  SeveralEvents() {
    eventstore::OpenedCommit opened;
    opened.commit.workspace = {some_id(1)};
    opened.commit.command = some_id(2);
    opened.commit.first_position = 1;
    opened.commit.time_us = test::kStartUs;
    opened.commit.events = {
        contact_event(contacts().created_event, ada, "LEAD"), contact_event(contacts().updated_event, ada, "INACTIVE"),
        contact_event(contacts().created_event, bo, "LEAD"), contact_event(contacts().updated_event, ada, "ACTIVE")};
    opened.after.next_position = 5;
    fold_commit(opened, rows);
  }

  std::vector<model::Uuid> with_status(const std::string& status) const {
    auto request = test::request_for<v1::Contact>();
    request.values.push_back({&test::field_of<v1::Contact>("status"), {{status, 0}}, false});
    return test::walk(rows, request);
  }
  std::vector<std::uint64_t> history_of(const model::Uuid& id) const {
    std::vector<std::uint64_t> positions;
    HistoryWalk walk(rows, id, 100);
    while (const auto state = walk.next()) positions.push_back(state->position);
    return positions;
  }

  const model::Uuid ada = some_id(3);
  const model::Uuid bo = some_id(4);
  domain::MemoryRows below;
  domain::LayerRows rows{below};
};

TEST(FoldOfSeveral, ListRowsAreThoseOfTheLastEvent) {
  const SeveralEvents given;
  EXPECT_THAT(given.with_status("active"), ElementsAre(given.ada));
  EXPECT_THAT(given.with_status("lead"), ElementsAre(given.bo));
  EXPECT_THAT(given.with_status("inactive"), ElementsAre());
}

TEST(FoldOfSeveral, EachRecordHasTheHistoryOfItsOwnEvents) {
  const SeveralEvents given;
  EXPECT_THAT(given.history_of(given.ada), ElementsAre(4, 2, 1));
  EXPECT_THAT(given.history_of(given.bo), ElementsAre(3));
}

}  // namespace
}  // namespace daybook::projections
