#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "eventstore/commit.h"
#include "model/uuid.h"

namespace daybook::eventstore {

/// Everything cryptographic, in one place, over libsodium 1.0.18. All functions are thread-safe and pure but for
/// randomness; they throw std::runtime_error only if libsodium cannot start (no source of randomness).

/// 256 bits of secret. Its memory is wiped when it goes, it has no printed form, and comparison takes constant time.
class Key {
 public:
  static constexpr std::size_t kSize = 32;

  /// All zeroes, to be filled through `writable`.
  Key() = default;
  Key(const Key&) = default;
  Key& operator=(const Key&) = default;
  ~Key();

  static Key random();
  /// From 32 bytes; nothing on any other length.
  static std::optional<Key> from_bytes(std::string_view bytes);

  /// The secret itself: for sealing, wrapping and key files alone.
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()}; }
  std::span<std::uint8_t, kSize> writable() { return bytes_; }

  bool operator==(const Key& other) const;

 private:
  std::array<std::uint8_t, kSize> bytes_{};
};
std::ostream& operator<<(std::ostream&, const Key&) = delete;

/// What sealing adds to a text: nonce (24) in front, Poly1305 tag (16) behind.
constexpr std::size_t kSealOverhead = 24 + 16;

/// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) under a random nonce: nonce | ciphertext | tag.
std::string seal(const Key& key, std::string_view plain, std::string_view associated_data);

/// The same, with the nonce made from the content and the key: equal input gives equal bytes, so that rows derived
/// twice are the same rows. It shows that two texts are equal, and nothing else about them.
std::string seal_repeatably(const Key& key, std::string_view plain, std::string_view associated_data);

/// What either of them sealed; nothing if key, associated data or a single bit differ.
std::optional<std::string> open(const Key& key, std::string_view sealed, std::string_view associated_data);

/// SHA-256 (FIPS 180-4) over the pieces one behind the other.
Hash sha256(std::initializer_list<std::string_view> pieces);

/// The same over bytes that come piece by piece. One thread uses it.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void add(std::string_view bytes);
  /// Over everything that was added; nothing is added afterwards.
  Hash finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// 64 lower-case digits.
std::string hexadecimal(const Hash& hash);

/// Keyed BLAKE2b-256 (RFC 7693), for values that must be compared but not guessed: addresses, requests, API keys.
Hash keyed_hash(const Key& key, std::string_view text);

/// A key for one purpose and one thing: BLAKE2b-256 of nothing, with the key, `id` as salt and `purpose` (at most 16
/// bytes, padded with zero bytes) as personalisation (RFC 7693 §2.8). Throws std::logic_error on a longer purpose.
Key derive_key(const Key& key, std::string_view purpose, const model::Uuid& id);

void random_bytes(std::span<std::uint8_t> out);

/// Takes time by the length alone; different lengths are unequal at once.
bool equal_in_constant_time(std::string_view left, std::string_view right);

/// The bytes of a hash as text holds them. Valid while the hash lives.
inline std::string_view view(const Hash& hash) { return {reinterpret_cast<const char*>(hash.data()), hash.size()}; }

}  // namespace daybook::eventstore
