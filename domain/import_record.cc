#include "domain/import_record.h"

#include "domain/facts.h"
#include "model/row_key.h"

namespace daybook::domain {
namespace {

const model::Kind& imports() { return kind_of<v1::Import>(); }

void fill(v1::Import& record, const View&, const Context&) {
  if (!record.has_state()) record.set_state(v1::Import::STATE_UPLOADED);
}

Result<v1::Import> find_import(const model::Uuid& id, const View& view) {
  const auto record = find_live(imports(), id, view);
  if (!record) return std::unexpected(record.error());
  return parse<v1::Import>(*record);
}

void set_state(v1::Import::State state, const Event& event, Store& store) {
  v1::Import change;
  change.set_state(state);
  store.patch(imports(), event.id, change.SerializeAsString(), {});
}

}  // namespace

// Found by event_types through their arguments, hence not in the unnamed namespace.
static void apply(const v1::ImportStarted&, const Event& event, Store& store) {
  set_state(v1::Import::STATE_RUNNING, event, store);
}

static void apply(const v1::ImportCancelled&, const Event& event, Store& store) {
  set_state(v1::Import::STATE_CANCELLED, event, store);
}

// Remarks stand beside the record, one row for each event, so that a page of them is read without the rest.
static void apply(const v1::ImportRemarked& remarked, const Event& event, Store& store) {
  store.rows().put(model::deletion_key(event.id) + model::ordered_integer(remarked.index()), event.data);
}

static void apply(const v1::ImportCommitted& committed, const Event& event, Store& store) {
  v1::Import change;
  change.set_state(v1::Import::STATE_COMMITTED);
  change.set_rows(committed.rows());
  change.set_created(committed.created());
  change.set_updated(committed.updated());
  change.set_unchanged(committed.unchanged());
  change.set_skipped(committed.skipped());
  change.set_warnings(committed.warnings());
  store.patch(imports(), event.id, change.SerializeAsString(), {});
}

static void apply(const v1::ImportFailed& failed, const Event& event, Store& store) {
  v1::Import change;
  change.set_state(v1::Import::STATE_FAILED);
  if (failed.has_failure()) change.set_failure(failed.failure());
  store.patch(imports(), event.id, change.SerializeAsString(), {});
}

Result<Event> upload_import(const model::Uuid& id, const v1::Import& record, const View& view, const Context& context) {
  return create(imports(), record.SerializeAsString(), view, context, id);
}

Result<Events> set_import_options(const model::Uuid& id, const std::string& options, const View& view) {
  const auto record = find_import(id, view);
  if (!record) return std::unexpected(record.error());
  if (record->state() != v1::Import::STATE_UPLOADED) {
    return reject("import_state", "The import was started already; its options stay as they are.");
  }
  v1::Import change;
  change.set_options(options);
  return update(imports(), id, {change.SerializeAsString(), {}}, view);
}

Result<Events> start_import(const model::Uuid& id, const View& view) {
  const auto record = find_import(id, view);
  if (!record) return std::unexpected(record.error());
  if (record->state() != v1::Import::STATE_UPLOADED) {
    return reject("import_state", "Only an uploaded import can be started; upload the file again.");
  }
  if (!imports_in(v1::Import::STATE_RUNNING, view).empty()) {
    return reject("import_state", "Another import of this workspace is running; start this one when it has ended.");
  }
  return Events{business_event(v1::ImportStarted(), id, id)};
}

Result<Events> fail_import(const model::Uuid& id, const std::string& failure, const View& view) {
  const auto record = find_import(id, view);
  if (!record) return std::unexpected(record.error());
  if (record->state() != v1::Import::STATE_RUNNING) return Events{};
  v1::ImportFailed failed;
  failed.set_failure(failure);
  return Events{business_event(failed, id, id)};
}

Result<Events> cancel_import(const model::Uuid& id, const View& view) {
  const auto record = find_import(id, view);
  if (!record) return std::unexpected(record.error());
  if (record->state() == v1::Import::STATE_CANCELLED) return Events{};
  if (record->state() != v1::Import::STATE_UPLOADED) {
    return reject("import_state", record->state() == v1::Import::STATE_COMMITTED
                                      ? "It is too late to cancel: the import is committed, and its rows are in."
                                      : "The import has ended already; there is nothing to cancel.");
  }
  return Events{business_event(v1::ImportCancelled(), id, id)};
}

std::vector<model::Uuid> imports_in(v1::Import::State state, const View& view) {
  std::vector<model::Uuid> found;
  view.for_each(imports(), [&](const model::Uuid& id, std::string_view record) {
    const auto import = parse<v1::Import>(record);
    if (import.state() == state && !is_deleted(record)) found.push_back(id);
    return true;
  });
  return found;
}

std::vector<v1::ImportRemark> remarks_of(const model::Uuid& id, RemarkKind kind, std::size_t skip, std::size_t limit,
                                         const View& view) {
  std::vector<v1::ImportRemark> page;
  view.rows().scan(model::deletion_key(id), {}, [&](std::string_view, std::string_view value) {
    const auto remarked = parse<v1::ImportRemarked>(value);
    for (const v1::ImportRemark& remark : kind == RemarkKind::kError ? remarked.errors() : remarked.warnings()) {
      if (skip > 0) {
        --skip;
      } else if (page.size() < limit) {
        page.push_back(remark);
      }
    }
    return page.size() < limit;
  });
  return page;
}

KindRules import_rules() {
  return {.fill = typed(fill),
          .events = event_types<v1::ImportStarted, v1::ImportRemarked, v1::ImportCommitted, v1::ImportFailed,
                                v1::ImportCancelled>()};
}

}  // namespace daybook::domain
