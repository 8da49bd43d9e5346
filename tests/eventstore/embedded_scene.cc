#include "tests/eventstore/embedded_scene.h"

#include <stdlib.h>

#include <stdexcept>

namespace daybook::eventstore::testing {

EmbeddedScene::EmbeddedScene() {
  std::string name = (std::filesystem::temp_directory_path() / "daybook-log-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
  root_ = name;
}

EmbeddedScene::~EmbeddedScene() {
  std::error_code ignored;
  std::filesystem::remove_all(root_, ignored);
}

EmbeddedOptions EmbeddedScene::options() const {
  EmbeddedOptions options;
  options.directory = log_directory();
  options.high_water_file = mark_file();
  options.free_space_floor_bytes = 0;
  return options;
}

std::filesystem::path EmbeddedScene::only_file(const std::string& extension) const {
  std::filesystem::path found;
  for (const auto& entry : std::filesystem::directory_iterator(log_directory())) {
    if (entry.path().extension() != extension) continue;
    if (!found.empty()) throw std::runtime_error("more than one " + extension + " in " + log_directory().string());
    found = entry.path();
  }
  return found;
}

void EmbeddedScene::copy_from(const EmbeddedScene& other) {
  std::filesystem::remove_all(log_directory());
  std::filesystem::remove_all(mark_file().parent_path());
  std::filesystem::copy(other.root_, root_, std::filesystem::copy_options::recursive);
}

Delivery append(Log& log, std::string record, std::vector<WrappedKey> keys) {
  std::promise<Delivery> fate;
  log.append(0, {std::move(record), std::move(keys)}, [&fate](Delivery delivery) { fate.set_value(delivery); });
  return fate.get_future().get();
}

void append_numbers(Log& log, int from, int to) {
  for (int number = from; number < to - 1; ++number) {
    log.append(0, {numbered_record(number), {numbered_key(number)}}, [](Delivery) {});
  }
  append(log, numbered_record(to - 1), {numbered_key(to - 1)});
}

std::string numbered_record(int number) {
  std::string record = std::to_string(number) + ":";
  for (int index = 0; record.size() < 600; ++index) record.push_back(static_cast<char>(number * 7 + index));
  return record;
}

WrappedKey numbered_key(int number) {
  return {"key" + std::to_string(number), std::string(40, static_cast<char>(number))};
}

bool holds_numbers(EmbeddedLog& log, int count) {
  const auto reader = log.read(0, 0);
  for (int number = 0; number < count; ++number) {
    const auto record = reader->next(std::chrono::milliseconds(0));
    if (!record || record->bytes != numbered_record(number)) return false;
    if (log.find_key(numbered_key(number).name) != numbered_key(number).value) return false;
  }
  return true;
}

}  // namespace daybook::eventstore::testing
