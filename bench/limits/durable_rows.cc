#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>

#include "bench/limits/limits.h"

namespace daybook::bench {
namespace {

constexpr int kInFlight = 64;
constexpr int kRows = 12;
constexpr std::size_t kRecordBytes = 1200;
constexpr std::size_t kRowBytes = 80;  // 12 of them are about the bytes that a create of a contact writes

using Database = std::unique_ptr<rocksdb::DB>;

void require(const rocksdb::Status& status) {
  if (!status.ok()) throw std::runtime_error(status.ToString());
}

Database open(const std::filesystem::path& directory) {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.allow_concurrent_memtable_write = false;
  options.compression = rocksdb::kNoCompression;
  rocksdb::DB* db = nullptr;
  require(rocksdb::DB::Open(options, directory.string(), &db));
  return Database(db);
}

std::string key_of(std::mt19937_64& random) {
  std::string key(40, 'k');
  for (std::size_t i = 16; i < key.size(); ++i) key[i] = static_cast<char>(random());
  return key;
}

}  // namespace

void measure_durable_rows(const std::filesystem::path& directory, double seconds) {
  std::filesystem::create_directories(directory);
  const Database log = open(directory / "limit-log");
  const Database state = open(directory / "limit-state");
  rocksdb::WriteOptions synced;
  synced.sync = true;
  std::mt19937_64 random(1);
  const std::string record(kRecordBytes, 'r');
  const std::string row(kRowBytes, 'v');
  std::uint64_t creates = 0;
  const auto start = std::chrono::steady_clock::now();
  std::chrono::duration<double> taken{};
  while (taken.count() < seconds) {
    rocksdb::WriteBatch records;
    for (int i = 0; i < kInFlight; ++i) require(records.Put(key_of(random), record));
    require(log->Write(synced, &records));
    rocksdb::WriteBatch rows;
    for (int i = 0; i < kInFlight * kRows; ++i) require(rows.Put(key_of(random), row));
    require(state->Write({}, &rows));
    creates += kInFlight;
    taken = std::chrono::steady_clock::now() - start;
  }
  std::printf("%.1f\n", static_cast<double>(creates) / taken.count());
}

}  // namespace daybook::bench
