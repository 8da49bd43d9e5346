// What is read in /proc.
#include <gmock/gmock.h>

#include "cli/doctor/listening.h"
#include "cli/doctor/lock_holder.h"
#include "cli/doctor/open_files.h"

namespace daybook::cli {
namespace {

using testing::Optional;

constexpr std::string_view kLocks =
    "1: POSIX  ADVISORY  WRITE 3831 fe:00:9978093 0 EOF\n"
    "2: FLOCK  ADVISORY  WRITE 3285 fe:1f:9978001 0 EOF\n"
    "2: -> FLOCK  ADVISORY  WRITE 4000 fe:1f:9978001 0 EOF\n"
    "3: FLOCK  ADVISORY  WRITE 77 00:21:500 0 EOF\n"
    "4: FLOCK  ADVISORY  WRITE -1 00:21:600 0 EOF\n"
    "5: nonsense\n";

TEST(LockHolder, IsWhoHasTheFileByFlock) {
  EXPECT_THAT(flock_holder(kLocks, {0xfe, 0x1f, 9978001}, std::nullopt), Optional(3285L));
}

TEST(LockHolder, IsNobodyWhereTheLockIsOfAnotherKindFileOrDevice) {
  EXPECT_EQ(flock_holder(kLocks, {0xfe, 0, 9978093}, std::nullopt), std::nullopt);
  EXPECT_EQ(flock_holder(kLocks, {0xfe, 0x1f, 9978002}, std::nullopt), std::nullopt);
  EXPECT_EQ(flock_holder(kLocks, {0xfe, 0x1e, 9978001}, std::nullopt), std::nullopt);
  EXPECT_EQ(flock_holder("", {0xfe, 0x1f, 9978001}, 3285), std::nullopt);
}

TEST(LockHolder, OnAnotherDeviceIsBelievedWhereTheFileNamesIt) {
  EXPECT_THAT(flock_holder(kLocks, {0, 0x40, 500}, 77), Optional(77L));
  EXPECT_EQ(flock_holder(kLocks, {0, 0x40, 500}, 78), std::nullopt);
}

TEST(LockHolder, ThatCannotBeSeenFromHereIsNobody) {
  EXPECT_EQ(flock_holder(kLocks, {0, 0x21, 600}, std::nullopt), std::nullopt);
}

constexpr std::string_view kTcp =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
    "   0: 0100007F:1CE8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 501 1 0 100 0 0 10 0\n"
    "   1: 0100007F:1CE9 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 502 1 0 20 4 30 10 -1\n"
    "   2: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 503 1 0 100 0 0 10 0\n";
constexpr std::string_view kTcp6 =
    "   0: 00000000000000000000000001000000:1CE8 00000000000000000000000000000000:0000 0A 00000000:00000000 "
    "00:00000000 00000000     0        0 601 1 0 100 0 0 10 0\n";

TEST(ListeningSocket, IsTheOneOfTheProcess) {
  EXPECT_THAT(listening_among(kTcp, {501}), Optional(Listening{"127.0.0.1", 7400}));
  EXPECT_THAT(listening_among(kTcp6, {601}), Optional(Listening{"::1", 7400}));
}

TEST(ListeningSocket, OfAllAddressesIsReachedByLoopback) {
  EXPECT_THAT(listening_among(kTcp, {503}), Optional(Listening{"127.0.0.1", 22}));
}

TEST(ListeningSocket, IsNoneThatIsConnectedOrOfAnotherProcess) {
  EXPECT_EQ(listening_among(kTcp, {502}), std::nullopt);
  EXPECT_EQ(listening_among(kTcp, {999}), std::nullopt);
  EXPECT_EQ(listening_among("", {501}), std::nullopt);
}

TEST(OpenFilesLimit, IsTheSoftOne) {
  EXPECT_THAT(open_files_limit("Limit                     Soft Limit           Hard Limit           Units     \n"
                               "Max open files            1024                 524288               files     \n"
                               "Max locked memory         8388608              8388608              bytes     \n"),
              Optional(1024U));
}

TEST(OpenFilesLimit, IsNoneWhereItIsUnlimitedOrNotThere) {
  EXPECT_EQ(open_files_limit("Max open files            unlimited            unlimited            files     \n"),
            std::nullopt);
  EXPECT_EQ(open_files_limit(""), std::nullopt);
}

}  // namespace
}  // namespace daybook::cli
