#include "eventstore/address_seal.h"

#include <gtest/gtest.h>

namespace daybook::eventstore {
namespace {

constexpr std::string_view kAddress = "http://10.0.0.1:7400";

AddressSeal seal_of(char fill) { return AddressSeal(*Key::from_bytes(std::string(Key::kSize, fill))); }

TEST(AddressSeal, KnowsAnAddressByItsMac) {
  EXPECT_EQ(seal_of('m').checked(kAddress, seal_of('m').mac(kAddress)), kAddress);
  EXPECT_EQ(seal_of('m').checked(kAddress, seal_of('n').mac(kAddress)), "");
  EXPECT_EQ(seal_of('m').checked("http://10.0.0.2:7400", seal_of('m').mac(kAddress)), "");
  EXPECT_EQ(seal_of('m').checked(kAddress, std::nullopt), "");
}

TEST(AddressSeal, AnEmptyAddressHasNone) { EXPECT_EQ(seal_of('m').mac(""), std::nullopt); }

TEST(AddressSeal, KnowsAnAddressByItsText) {
  const std::string text = seal_of('m').text(kAddress);
  EXPECT_EQ(seal_of('m').read(text), kAddress);
  EXPECT_EQ(seal_of('n').read(text), "");
  EXPECT_EQ(seal_of('m').read(text.substr(0, text.size() - 1)), "");
  EXPECT_EQ(seal_of('m').read("http://evil" + text.substr(kAddress.size())), "");
  EXPECT_EQ(seal_of('m').read(kAddress), "");
  EXPECT_EQ(seal_of('m').read(""), "");
}

TEST(AddressSeal, ShowsWhatATextOfAnotherKeyClaims) {
  EXPECT_EQ(AddressSeal::claimed(seal_of('n').text(kAddress)), kAddress);
  EXPECT_EQ(AddressSeal::claimed(seal_of('n').text(kAddress) + "0"), "");
  EXPECT_EQ(AddressSeal::claimed("http://10.0.0.1:7400#" + std::string(64, 'z')), "");
  EXPECT_EQ(AddressSeal::claimed(kAddress), "");
  EXPECT_EQ(AddressSeal::claimed(seal_of('n').text(std::string(1000, 'a'))), std::string(200, 'a'));
}

}  // namespace
}  // namespace daybook::eventstore
