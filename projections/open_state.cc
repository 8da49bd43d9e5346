#include "projections/open_state.h"

#include "projections/derived_rows.h"

namespace daybook::projections {
namespace {

bool is_empty(const StateStore& state) { return state.position(0).next_offset == 0; }

}  // namespace

std::unique_ptr<StateStore> open_state(const StateStore::Options& options,
                                       const std::function<void(const std::string&)>& say) {
  auto state = std::make_unique<StateStore>(options);
  if (state->fingerprint() == rows_fingerprint()) return state;
  if (!is_empty(*state)) {
    say("the read models are of another version of Daybook; they are made anew from the log");
    state.reset();
    // Renamed first, so that a crash leaves a whole state or none.
    const std::filesystem::path old = options.directory.string() + ".old";
    std::filesystem::remove_all(old);
    std::filesystem::rename(options.directory, old);
    std::filesystem::remove_all(old);
    state = std::make_unique<StateStore>(options);
  }
  state->set_fingerprint(rows_fingerprint());
  return state;
}

}  // namespace daybook::projections
