#include "tests/eventstore/embedded_failing_disk.h"

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace daybook::eventstore::testing {

struct FailingDisk::State {
  struct File {
    std::uint64_t written = 0;
    std::uint64_t synced = 0;
  };
  std::mutex mutex;
  std::map<std::string, File> files;  // made since the disk was
  std::optional<std::size_t> good_syncs;
  bool dead = false;
};

namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using State = FailingDisk::State;

class DiskFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  DiskFile(std::unique_ptr<rocksdb::FSWritableFile> file, std::string path, std::shared_ptr<State> state)
      : FSWritableFileOwnerWrapper(std::move(file)), path_(std::move(path)), state_(std::move(state)) {}

  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options, IODebugContext* debug) override {
    const std::lock_guard lock(state_->mutex);
    if (state_->dead) return IOStatus::IOError("no power");
    state_->files[path_].written += data.size();
    return FSWritableFileWrapper::Append(data, options, debug);
  }
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    const auto status = sync();
    return status.ok() ? FSWritableFileWrapper::Sync(options, debug) : status;
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    const auto status = sync();
    return status.ok() ? FSWritableFileWrapper::Fsync(options, debug) : status;
  }

 private:
  IOStatus sync() {
    const std::lock_guard lock(state_->mutex);
    if (state_->dead) return IOStatus::IOError("no power");
    if (path_.ends_with(".log") && state_->good_syncs && (*state_->good_syncs)-- == 0) {
      state_->good_syncs.reset();
      return IOStatus::IOError("sync failed");
    }
    auto& file = state_->files[path_];
    file.synced = file.written;
    return IOStatus::OK();
  }

  const std::string path_;
  const std::shared_ptr<State> state_;
};

class DiskFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  explicit DiskFileSystem(std::shared_ptr<State> state)
      : FileSystemWrapper(rocksdb::FileSystem::Default()), state_(std::move(state)) {}
  const char* Name() const override { return "DiskFileSystem"; }

  IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* result, IODebugContext* debug) override {
    const std::lock_guard lock(state_->mutex);
    if (state_->dead) return IOStatus::IOError("no power");
    auto status = FileSystemWrapper::NewWritableFile(path, options, result, debug);
    if (!status.ok()) return status;
    state_->files[path] = {};
    *result = std::make_unique<DiskFile>(std::move(*result), path, state_);
    return status;
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                      IODebugContext* debug) override {
    const std::lock_guard lock(state_->mutex);
    if (state_->dead) return IOStatus::IOError("no power");
    if (auto node = state_->files.extract(from)) state_->files[to] = node.mapped();
    return FileSystemWrapper::RenameFile(from, to, options, debug);
  }
  IOStatus DeleteFile(const std::string& path, const IOOptions& options, IODebugContext* debug) override {
    const std::lock_guard lock(state_->mutex);
    if (state_->dead) return IOStatus::IOError("no power");
    state_->files.erase(path);
    return FileSystemWrapper::DeleteFile(path, options, debug);
  }

 private:
  const std::shared_ptr<State> state_;
};

}  // namespace

FailingDisk::FailingDisk()
    : state_(std::make_shared<State>()), env_(rocksdb::NewCompositeEnv(std::make_shared<DiskFileSystem>(state_))) {}
FailingDisk::~FailingDisk() = default;

rocksdb::Env* FailingDisk::env() { return env_.get(); }

void FailingDisk::fail_sync_after(std::size_t count) {
  const std::lock_guard lock(state_->mutex);
  state_->good_syncs = count;
}

void FailingDisk::cut_power() {
  const std::lock_guard lock(state_->mutex);
  state_->dead = true;
}

void FailingDisk::lose_unsynced(std::size_t kept_percent) {
  const std::lock_guard lock(state_->mutex);
  for (const auto& [path, file] : state_->files) {
    if (!std::filesystem::exists(path)) continue;
    std::filesystem::resize_file(path, file.synced + (file.written - file.synced) * kept_percent / 100);
  }
  state_->files.clear();
}

}  // namespace daybook::eventstore::testing
