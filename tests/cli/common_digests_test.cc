#include "cli/common_digests.h"

#include <gmock/gmock.h>

namespace daybook::cli {
namespace {

using testing::AllOf;
using testing::Each;
using testing::Pair;
using testing::SizeIs;

eventstore::Key key_of(char fill) { return *eventstore::Key::from_bytes(std::string(eventstore::Key::kSize, fill)); }

TEST(CommonDigests, AreEqualWhereNameTextAndKeyAre) {
  const auto digests = common_digests(key_of('m'), {{"mail_from", "a@b.test"}, {"smtp_url", "a@b.test"}});
  EXPECT_EQ(digests, common_digests(key_of('m'), {{"mail_from", "a@b.test"}, {"smtp_url", "a@b.test"}}));
  EXPECT_NE(digests.at("mail_from"), digests.at("smtp_url"));
  EXPECT_NE(digests.at("mail_from"), common_digests(key_of('m'), {{"mail_from", "c@b.test"}}).at("mail_from"));
  EXPECT_NE(digests.at("mail_from"), common_digests(key_of('n'), {{"mail_from", "a@b.test"}}).at("mail_from"));
  EXPECT_THAT(digests, AllOf(SizeIs(2), Each(Pair(testing::_, SizeIs(16)))));
}

}  // namespace
}  // namespace daybook::cli
