#pragma once

#include "domain/context.h"
#include "domain/result.h"
#include "domain/store.h"

namespace daybook::domain {

/// Soft delete and restore of any kind, driven by `refers_to` in whatever entity names it (domain.md rules 5 and 6).
/// Names beyond kNamesPerEvent follow in <kind>.hidden, unlinked, shown and relinked of the same commit.

/// <kind>.deleted, naming every record that is hidden with it or unlinked from it; a deleted record is unlinked too, so
/// that restoring it later never shows a link to nothing. Deleting a deleted record again emits nothing. Rejects
/// `in_use` where a live record refers to it with ON_DELETE_RESTRICT.
Result<Events> remove(const model::Kind& kind, const model::Uuid& id, const View& view, const Context& context);

/// <kind>.restored: brings back what the deletion hid and the links that were not made elsewhere since. What stands on
/// another deleted record too stays hidden, with that one. Restoring a live record emits nothing. Rejects
/// `<key space>_taken` when another live record holds a key of it, and `deleted` when it was hidden with another record
/// or stands on one that is deleted.
Result<Events> restore(const model::Kind& kind, const model::Uuid& id, const View& view, const Context& context);

void apply_deleted(const Event& event, Store& store);
void apply_hidden(const Event& event, Store& store);
void apply_unlinked(const Event& event, Store& store);
void apply_restored(const Event& event, Store& store);
void apply_shown(const Event& event, Store& store);

}  // namespace daybook::domain
