#include "eventstore/address_seal.h"

#include <algorithm>

namespace daybook::eventstore {
namespace {

constexpr std::size_t kLongestShown = 200;  // of an address that nobody vouches for

}  // namespace

AddressSeal::AddressSeal(const Key& master) : key_(derive_key(master, "daybook.nodes", {})) {}

std::optional<Hash> AddressSeal::mac(std::string_view address) const {
  return address.empty() ? std::nullopt : std::optional(keyed_hash(key_, address));
}

std::string AddressSeal::checked(std::string_view address, const std::optional<Hash>& mac) const {
  const bool is_vouched_for = mac && equal_in_constant_time(view(keyed_hash(key_, address)), view(*mac));
  return std::string(is_vouched_for ? address : std::string_view());
}

std::string AddressSeal::text(std::string_view address) const {
  return std::string(address) + "#" + hexadecimal(keyed_hash(key_, address));
}

std::string AddressSeal::read(std::string_view text) const {
  const std::string_view address = text.substr(0, text.rfind('#'));
  return std::string(equal_in_constant_time(this->text(address), text) ? address : std::string_view());
}

std::string AddressSeal::claimed(std::string_view text) {
  const std::size_t hash = text.rfind('#');
  if (hash == std::string_view::npos) return {};
  const std::string_view digits = text.substr(hash + 1);
  const bool is_mac = digits.size() == 2 * Hash().size() && digits.find_first_not_of("0123456789abcdef") == digits.npos;
  return std::string(is_mac ? text.substr(0, std::min(hash, kLongestShown)) : std::string_view());
}

}  // namespace daybook::eventstore
