#include "eventstore/chain.h"

#include <array>
#include <vector>

#include "eventstore/seal.h"

namespace daybook::eventstore {

std::string HistoryDamage::text() const {
  if (!workspace) return what;
  return "workspace " + workspace->value.text() + ", position " + std::to_string(position) + ": " + what;
}

Hash chain_hash(std::string_view header, std::string_view sealed_body) { return sha256({header, sealed_body}); }

Hash part_hash(const PartRecord& part) {
  const std::array<char, 4> index = {static_cast<char>(part.index >> 24), static_cast<char>(part.index >> 16),
                                     static_cast<char>(part.index >> 8), static_cast<char>(part.index)};
  return sha256({part.workspace.value.view(), part.command.view(), {index.data(), index.size()}, part.sealed_body});
}

Hash parts_hash(std::span<const Hash> parts) {
  if (parts.empty()) return {};
  return sha256({{reinterpret_cast<const char*>(parts.data()), parts.size_bytes()}});
}

std::expected<void, HistoryDamage> check(const CommitHeader& header, const ChainHead& head) {
  const auto misfit = [&](std::string what) {
    return std::unexpected(
        HistoryDamage{HistoryDamage::Reason::kDamaged, header.workspace, header.first_position, std::move(what)});
  };
  if (header.first_position != head.next_position) {
    return misfit("the commit should begin at position " + std::to_string(head.next_position) +
                  ": a commit is missing, repeated or out of order");
  }
  if (header.previous_hash != head.hash) {
    return misfit("the commit does not follow the one before it: its previous_hash is not that one's hash");
  }
  return {};
}

ChainHead head_after(const CommitHeader& header, std::string_view header_bytes, std::string_view sealed_body) {
  return {header.first_position + header.event_count, chain_hash(header_bytes, sealed_body)};
}

}  // namespace daybook::eventstore
