#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace daybook::cli {

/// How a secret is kept: as the bytes that chance gave, or spelled in letters and digits.
enum class SecretForm : std::uint8_t { kBytes, kSpelled };

/// Why a secret cannot be what chance makes: shorter than `least_bytes`, of one byte or of a few, or, where it is to be
/// bytes, text that people type. Nothing where it may be; of those that chance makes fewer than one in 2^40 is refused.
std::optional<std::string> weakness_of(std::string_view secret, std::size_t least_bytes, SecretForm form);

}  // namespace daybook::cli
