#pragma once

#include "api/call.h"

namespace daybook::api {

/// POST /v1/imports: keeps the file sealed, decides how it will be read, and with commit=true imports it. With
/// dry_run=true nothing is kept. Blocks for as long as the file is read: for the import desk.
void upload_file(Call& call);

}  // namespace daybook::api
