#include "projections/state_archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "eventstore/seal.h"

namespace daybook::projections {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{256} << 10;
constexpr std::size_t kMostFiles = 100'000;
constexpr std::size_t kLongestName = 100;
constexpr std::string_view kSums = "SHA256SUMS";

bool is_plain(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' || c == '-' ||
           c == '_';
  };
  return !name.empty() && name.size() <= kLongestName && name.front() != '.' && std::ranges::all_of(name, fits);
}

// As sha256sum writes it.
std::string sum_line(eventstore::Sha256& sum, std::string_view name) {
  return eventstore::hexadecimal(sum.finish()) + "  " + std::string(name) + "\n";
}

// libarchive is C, which no exception may pass: a callback keeps it here.
struct Output {
  const ByteSink& sink;
  std::exception_ptr thrown{};
  bool is_over = false;
};

la_ssize_t hand_over(archive*, void* to, const void* bytes, std::size_t size) {
  auto& output = *static_cast<Output*>(to);
  if (output.is_over) return -1;
  try {
    output.sink({static_cast<const char*>(bytes), size});
    return static_cast<la_ssize_t>(size);
  } catch (...) {
    output.thrown = std::current_exception();
    output.is_over = true;
    return -1;
  }
}

class Packer {
 public:
  explicit Packer(const ByteSink& sink) : output_{sink}, archive_(archive_write_new(), archive_write_free) {
    check(archive_write_set_format_pax_restricted(archive_.get()));
    check(archive_write_set_bytes_per_block(archive_.get(), kBlockBytes));
    check(archive_write_set_bytes_in_last_block(archive_.get(), 1));
    check(archive_write_open2(archive_.get(), &output_, nullptr, hand_over, nullptr, nullptr));
  }
  // libarchive ends what is not finished, and the sink is not to see that.
  ~Packer() { output_.is_over = true; }
  Packer(const Packer&) = delete;
  Packer& operator=(const Packer&) = delete;

  void add(const std::filesystem::path& file) {
    const std::string name = file.filename().string();
    std::uint64_t left = std::filesystem::file_size(file);
    std::ifstream in(file, std::ios::binary);
    begin(name, left);
    eventstore::Sha256 sum;
    std::string block(kBlockBytes, '\0');
    while (left > 0) {
      in.read(block.data(), static_cast<std::streamsize>(std::min<std::uint64_t>(left, block.size())));
      const std::string_view read(block.data(), static_cast<std::size_t>(in.gcount()));
      if (read.empty()) throw std::runtime_error("cannot read " + file.string() + " to its end; see the disk");
      sum.add(read);
      put(read);
      left -= read.size();
    }
    sums_ += sum_line(sum, name);
  }

  void finish() {
    begin(std::string(kSums), sums_.size());
    put(sums_);
    check(archive_write_close(archive_.get()));
  }

 private:
  void begin(const std::string& name, std::uint64_t size) {
    const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(), archive_entry_free);
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0600);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(size));
    check(archive_write_header(archive_.get(), entry.get()));
  }

  void put(std::string_view bytes) {
    const la_ssize_t put = archive_write_data(archive_.get(), bytes.data(), bytes.size());
    check(put == static_cast<la_ssize_t>(bytes.size()) ? ARCHIVE_OK : ARCHIVE_FATAL);
  }

  void check(int status) {
    if (output_.thrown) std::rethrow_exception(output_.thrown);
    if (status == ARCHIVE_OK) return;
    const char* why = archive_error_string(archive_.get());
    throw std::runtime_error(std::string("the state cannot be packed: ") + (why == nullptr ? "no memory" : why));
  }

  Output output_;
  std::unique_ptr<archive, decltype(&archive_write_free)> archive_;
  std::string sums_;
};

struct Input {
  domain::ByteSource source;
  std::vector<char> block = std::vector<char>(kBlockBytes);
  std::exception_ptr thrown{};
};

la_ssize_t take_in(archive*, void* from, const void** bytes) {
  auto& input = *static_cast<Input*>(from);
  try {
    *bytes = input.block.data();
    return static_cast<la_ssize_t>(input.source(input.block));
  } catch (...) {
    input.thrown = std::current_exception();
    return -1;
  }
}

// A new file, written once.
class NewFile {
 public:
  explicit NewFile(std::filesystem::path path)
      : path_(std::move(path)), descriptor_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) {
    if (descriptor_ < 0 && errno == EEXIST)
      throw ArchiveRefused("the archive has " + path_.filename().string() + " twice");
    if (descriptor_ < 0) fail();
  }
  ~NewFile() { ::close(descriptor_); }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno != EINTR) fail();
      if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void sync() {
    if (::fsync(descriptor_) != 0) fail();
  }

 private:
  [[noreturn]] void fail() const {
    throw std::runtime_error("cannot write " + path_.string() + ": " + std::system_category().message(errno) +
                             "; see the disk and its free space");
  }

  const std::filesystem::path path_;
  const int descriptor_;
};

class Unpacker {
 public:
  Unpacker(domain::ByteSource source, const std::filesystem::path& directory, std::uint64_t limit_bytes)
      : directory_(directory),
        limit_bytes_(limit_bytes),
        input_{std::move(source)},
        archive_(archive_read_new(), archive_read_free),
        block_(kBlockBytes, '\0') {
    check(archive_read_support_format_tar(archive_.get()));
    check(archive_read_open(archive_.get(), &input_, nullptr, take_in, nullptr));
  }

  std::uint64_t run() {
    for (auto name = next(); name != kSums; name = next()) {
      if (!name) throw ArchiveRefused("the archive ends before its " + std::string(kSums));
      unpack(*name);
    }
    if (contents(sums_.size() + 1) != sums_) throw ArchiveRefused("the archive's files are not those that were packed");
    if (next()) throw ArchiveRefused("the archive goes on behind its " + std::string(kSums));
    return bytes_;
  }

 private:
  // The name of the next file; nothing at the end.
  std::optional<std::string> next() {
    const int status = archive_read_next_header(archive_.get(), &entry_);
    if (status == ARCHIVE_EOF && !input_.thrown) return std::nullopt;
    check(status);
    const char* path = archive_entry_pathname(entry_);
    std::string name = path == nullptr ? "" : path;
    const bool is_link = archive_entry_hardlink(entry_) != nullptr || archive_entry_symlink(entry_) != nullptr;
    if (archive_entry_filetype(entry_) != AE_IFREG || is_link || !is_plain(name)) {
      throw ArchiveRefused("the archive has an entry that is no plain file of a plain name");
    }
    if (++files_ > kMostFiles)
      throw ArchiveRefused("the archive has more than " + std::to_string(kMostFiles) + " files");
    return name;
  }

  void unpack(const std::string& name) {
    NewFile file(directory_ / name);
    eventstore::Sha256 sum;
    for (auto read = read_block(); !read.empty(); read = read_block()) {
      bytes_ += read.size();
      if (bytes_ > limit_bytes_) {
        throw ArchiveRefused("the archive is larger than the " + std::to_string(limit_bytes_) +
                             " bytes that are free for it");
      }
      sum.add(read);
      file.write(read);
    }
    file.sync();
    sums_ += sum_line(sum, name);
  }

  // Of the present entry, not much more than the limit.
  std::string contents(std::size_t limit) {
    std::string all;
    for (auto read = read_block(); !read.empty() && all.size() < limit; read = read_block()) all += read;
    return all;
  }

  std::string_view read_block() {
    const la_ssize_t read = archive_read_data(archive_.get(), block_.data(), block_.size());
    if (read < 0) check(ARCHIVE_FATAL);
    return std::string_view(block_).substr(0, static_cast<std::size_t>(read));
  }

  void check(int status) {
    if (input_.thrown) std::rethrow_exception(input_.thrown);
    if (status == ARCHIVE_OK) return;
    const char* why = archive_error_string(archive_.get());
    throw ArchiveRefused(std::string("the archive cannot be read: ") + (why == nullptr ? "it is none" : why));
  }

  const std::filesystem::path& directory_;
  const std::uint64_t limit_bytes_;
  Input input_;
  std::unique_ptr<archive, decltype(&archive_read_free)> archive_;
  archive_entry* entry_ = nullptr;  // libarchive's own
  std::string block_;
  std::string sums_;
  std::size_t files_ = 0;
  std::uint64_t bytes_ = 0;
};

void sync_directory(const std::filesystem::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool is_synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  if (descriptor >= 0) ::close(descriptor);
  if (!is_synced) throw std::runtime_error("cannot sync " + directory.string() + "; see the disk");
}

}  // namespace

void pack_state(const std::filesystem::path& directory, const ByteSink& sink) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  Packer packer(sink);
  for (const std::filesystem::path& file : files) packer.add(file);
  packer.finish();
}

std::uint64_t unpack_state(domain::ByteSource source, const std::filesystem::path& directory,
                           std::uint64_t limit_bytes) {
  if (!std::filesystem::create_directories(directory)) {
    throw std::runtime_error(directory.string() + " is there already; remove it, and try again");
  }
  const std::uint64_t bytes = Unpacker(std::move(source), directory, limit_bytes).run();
  sync_directory(directory);
  return bytes;
}

}  // namespace daybook::projections
