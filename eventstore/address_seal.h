#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "eventstore/seal.h"

namespace daybook::eventstore {

/// Vouches for the addresses by which nodes on one log reach each other. Whoever can write to Kafka can put an address
/// there, and nodes send requests and credentials to it: so each comes with a MAC under a key that follows from the
/// master key, and one without is no address. It says that a node of this log was once reached there, and no more.
/// Thread-safe.
class AddressSeal {
 public:
  explicit AddressSeal(const Key& master);

  /// The address's MAC (keyed BLAKE2b-256); none of an empty address.
  std::optional<Hash> mac(std::string_view address) const;
  /// The address where that is its MAC; empty otherwise.
  std::string checked(std::string_view address, const std::optional<Hash>& mac) const;

  /// Both as one text: `ADDRESS#` and the MAC as 64 lower-case digits.
  std::string text(std::string_view address) const;
  /// The address of such a text; empty where it is none, or the MAC another one.
  std::string read(std::string_view text) const;
  /// The address of a text in that form, whoever made its MAC; empty where it has another form.
  static std::string claimed(std::string_view text);

 private:
  const Key key_;
};

}  // namespace daybook::eventstore
