#pragma once

#include <map>
#include <string>

namespace daybook::api {

/// A text that the server hands out as it stands.
struct Document {
  std::string media_type;
  std::string text;
  std::string etag;  // a hash of the text, in quotes
};

/// By path below the one that serves them.
using Documents = std::map<std::string, Document>;

/// The texts as documents, their media types from what their paths end with.
Documents documents_of(std::map<std::string, std::string> texts);

}  // namespace daybook::api
