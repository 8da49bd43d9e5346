#include "eventstore/blob_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <stdexcept>
#include <system_error>

#include "eventstore/seal.h"

namespace daybook::eventstore {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{64} << 10;
constexpr std::string_view kKeyPurpose = "blobs";

// What a chunk is bound to: its number, and whether the file ends with it.
std::string place_of(std::uint64_t index, bool is_last) { return std::to_string(index) + (is_last ? " end" : ""); }

// Fills up to a whole chunk; shorter only at the end.
std::string next_chunk(domain::ByteSource& source) {
  std::string chunk(kChunkBytes, '\0');
  std::size_t size = 0;
  while (size < chunk.size()) {
    const std::size_t got = source(std::span<char>(chunk).subspan(size));
    if (got == 0) break;
    size += got;
  }
  chunk.resize(size);
  return chunk;
}

void sync(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  if (descriptor >= 0) ::close(descriptor);
  if (!synced) throw std::runtime_error("cannot sync " + path.string() + "; see the disk and its free space");
}

// One sealed file as a source of its plain bytes.
class OpenBlob {
 public:
  OpenBlob(const std::filesystem::path& path, const Key& key) : path_(path), key_(key), in_(path, std::ios::binary) {
    if (!in_) throw std::runtime_error("cannot read " + path_.string() + "; the uploaded file is gone");
  }

  std::size_t read(std::span<char> out) {
    if (at_ == plain_.size() && !ended_) fill();
    const std::size_t taken = plain_.copy(out.data(), out.size(), at_);
    at_ += taken;
    return taken;
  }

 private:
  void fill() {
    std::string sealed(kChunkBytes + kSealOverhead, '\0');
    in_.read(sealed.data(), static_cast<std::streamsize>(sealed.size()));
    sealed.resize(static_cast<std::size_t>(in_.gcount()));
    ended_ = sealed.size() < kChunkBytes + kSealOverhead;
    auto plain = eventstore::open(key_, sealed, place_of(index_++, ended_));
    if (!plain) throw std::runtime_error(path_.string() + " is not what was stored; upload the file again");
    plain_ = std::move(*plain);
    at_ = 0;
  }

  const std::filesystem::path path_;
  const Key key_;
  std::ifstream in_;
  std::string plain_;
  std::size_t at_ = 0;
  std::uint64_t index_ = 0;
  bool ended_ = false;
};

}  // namespace

BlobStore::BlobStore(std::filesystem::path directory, Keyring& keyring)
    : directory_(std::move(directory)), keyring_(keyring) {}

std::filesystem::path BlobStore::path_of(model::WorkspaceId workspace, const model::Uuid& id) const {
  return directory_ / workspace.value.text() / id.text();
}

Key BlobStore::key_of(model::WorkspaceId workspace, const model::Uuid& id) {
  const auto key = keyring_.workspace_key(workspace);
  if (!key) throw std::runtime_error("the workspace has no key for its files; it was erased");
  return derive_key(*key, kKeyPurpose, id);
}

std::uint64_t BlobStore::put(model::WorkspaceId workspace, const model::Uuid& id, domain::ByteSource source) {
  const Key key = key_of(workspace, id);
  const std::filesystem::path path = path_of(workspace, id);
  std::filesystem::create_directories(path.parent_path());
  std::filesystem::permissions(path.parent_path(), std::filesystem::perms::owner_all);
  std::filesystem::path unfinished = path;
  unfinished += ".part";
  std::uint64_t bytes = 0;
  {
    std::ofstream out(unfinished, std::ios::binary | std::ios::trunc);
    for (std::uint64_t index = 0;; ++index) {
      const std::string chunk = next_chunk(source);
      const bool is_last = chunk.size() < kChunkBytes;
      out << seal(key, chunk, place_of(index, is_last));
      bytes += chunk.size();
      if (is_last) break;
    }
    if (!out.flush()) {
      std::filesystem::remove(unfinished);
      throw std::runtime_error("cannot write " + unfinished.string() + "; see the disk and its free space");
    }
  }
  sync(unfinished);
  std::filesystem::rename(unfinished, path);
  sync(path.parent_path());
  return bytes;
}

bool BlobStore::contains(model::WorkspaceId workspace, const model::Uuid& id) const {
  return std::filesystem::exists(path_of(workspace, id));
}

domain::ByteSource BlobStore::open(model::WorkspaceId workspace, const model::Uuid& id) {
  auto blob = std::make_shared<OpenBlob>(path_of(workspace, id), key_of(workspace, id));
  return [blob](std::span<char> out) { return blob->read(out); };
}

void BlobStore::remove(model::WorkspaceId workspace, const model::Uuid& id) {
  std::filesystem::remove(path_of(workspace, id));
}

}  // namespace daybook::eventstore
