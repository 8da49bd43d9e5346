#include "eventstore/seal.h"

#include <sodium.h>

#include <algorithm>
#include <stdexcept>

namespace daybook::eventstore {
namespace {

constexpr std::size_t kNonceSize = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagSize = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(kNonceSize + kTagSize == kSealOverhead);
static_assert(Key::kSize == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

using Padded = std::array<std::uint8_t, crypto_generichash_blake2b_PERSONALBYTES>;

// libsodium picks the processor's instructions here, and must have done so before anything else is called.
void start() {
  static const bool kStarted = sodium_init() >= 0;
  if (!kStarted) throw std::runtime_error("libsodium cannot start: is /dev/urandom or getrandom available?");
}

const std::uint8_t* bytes(std::string_view text) { return reinterpret_cast<const std::uint8_t*>(text.data()); }
std::uint8_t* bytes(std::string& text) { return reinterpret_cast<std::uint8_t*>(text.data()); }

Padded padded(std::string_view purpose) {
  Padded out{};
  if (purpose.size() > out.size()) throw std::logic_error("a key's purpose has at most 16 bytes");
  std::copy(purpose.begin(), purpose.end(), out.begin());
  return out;
}

// `out` begins with the nonce.
void encrypt_behind_nonce(const Key& key, std::string_view plain, std::string_view associated_data, std::string& out) {
  crypto_aead_xchacha20poly1305_ietf_encrypt(bytes(out) + kNonceSize, nullptr, bytes(plain), plain.size(),
                                             bytes(associated_data), associated_data.size(), nullptr, bytes(out),
                                             bytes(key.view()));
}

}  // namespace

Key::~Key() { sodium_memzero(bytes_.data(), bytes_.size()); }

Key Key::random() {
  Key key;
  random_bytes(key.bytes_);
  return key;
}

std::optional<Key> Key::from_bytes(std::string_view text) {
  if (text.size() != kSize) return std::nullopt;
  Key key;
  std::copy(text.begin(), text.end(), key.bytes_.begin());
  return key;
}

bool Key::operator==(const Key& other) const { return equal_in_constant_time(view(), other.view()); }

std::string seal(const Key& key, std::string_view plain, std::string_view associated_data) {
  start();
  std::string out(kNonceSize + plain.size() + kTagSize, '\0');
  randombytes_buf(out.data(), kNonceSize);
  encrypt_behind_nonce(key, plain, associated_data, out);
  return out;
}

std::string seal_repeatably(const Key& key, std::string_view plain, std::string_view associated_data) {
  start();
  // A hash under a key of its own: what the nonce is made with must tell nothing about what the text is sealed with.
  const Key nonce_key = derive_key(key, "daybook.nonce", {});
  crypto_generichash_blake2b_state state;
  crypto_generichash_blake2b_init(&state, bytes(nonce_key.view()), Key::kSize, kNonceSize);
  const std::uint64_t size = associated_data.size();
  std::array<std::uint8_t, 8> size_bytes{};
  for (std::size_t i = 0; i < size_bytes.size(); ++i) size_bytes[i] = static_cast<std::uint8_t>(size >> (8 * i));
  crypto_generichash_blake2b_update(&state, size_bytes.data(), size_bytes.size());
  crypto_generichash_blake2b_update(&state, bytes(associated_data), associated_data.size());
  crypto_generichash_blake2b_update(&state, bytes(plain), plain.size());
  std::string out(kNonceSize + plain.size() + kTagSize, '\0');
  crypto_generichash_blake2b_final(&state, bytes(out), kNonceSize);
  encrypt_behind_nonce(key, plain, associated_data, out);
  return out;
}

std::optional<std::string> open(const Key& key, std::string_view sealed, std::string_view associated_data) {
  start();
  if (sealed.size() < kSealOverhead) return std::nullopt;
  std::string out(sealed.size() - kSealOverhead, '\0');
  const std::string_view ciphertext = sealed.substr(kNonceSize);
  const int refused = crypto_aead_xchacha20poly1305_ietf_decrypt(
      bytes(out), nullptr, nullptr, bytes(ciphertext), ciphertext.size(), bytes(associated_data),
      associated_data.size(), bytes(sealed), bytes(key.view()));
  if (refused != 0) return std::nullopt;
  return out;
}

Hash sha256(std::initializer_list<std::string_view> pieces) {
  start();
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  for (const std::string_view piece : pieces) crypto_hash_sha256_update(&state, bytes(piece), piece.size());
  Hash hash;
  static_assert(sizeof(Hash) == crypto_hash_sha256_BYTES);
  crypto_hash_sha256_final(&state, hash.data());
  return hash;
}

struct Sha256::State {
  crypto_hash_sha256_state sodium;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  start();
  crypto_hash_sha256_init(&state_->sodium);
}

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::add(std::string_view text) { crypto_hash_sha256_update(&state_->sodium, bytes(text), text.size()); }

Hash Sha256::finish() {
  Hash hash;
  crypto_hash_sha256_final(&state_->sodium, hash.data());
  return hash;
}

std::string hexadecimal(const Hash& hash) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : hash) text.append({kDigits[byte >> 4], kDigits[byte & 15]});
  return text;
}

Hash keyed_hash(const Key& key, std::string_view text) {
  start();
  Hash hash;
  crypto_generichash_blake2b(hash.data(), hash.size(), bytes(text), text.size(), bytes(key.view()), Key::kSize);
  return hash;
}

Key derive_key(const Key& key, std::string_view purpose, const model::Uuid& id) {
  start();
  const Padded personal = padded(purpose);
  static_assert(sizeof(model::Uuid) == crypto_generichash_blake2b_SALTBYTES);
  Key derived;
  crypto_generichash_blake2b_salt_personal(derived.writable().data(), Key::kSize, nullptr, 0, bytes(key.view()),
                                           Key::kSize, id.bytes.data(), personal.data());
  return derived;
}

void random_bytes(std::span<std::uint8_t> out) {
  start();
  randombytes_buf(out.data(), out.size());
}

bool equal_in_constant_time(std::string_view left, std::string_view right) {
  return left.size() == right.size() && sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace daybook::eventstore
