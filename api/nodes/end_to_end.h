#pragma once

#include "api/server/message.h"

namespace daybook::api {

/// The fields that are not about one connection: all but Connection, what it names, Keep-Alive, TE, Trailer,
/// Transfer-Encoding, Upgrade and Proxy-* (RFC 9110 §7.6.1).
Headers end_to_end(const Headers& headers);

/// The fields with which a request goes on to another node: `headers` in place of its own of the same names, else its
/// end-to-end ones. Left out are those that the next connection has for itself: Host, Content-Length, Expect and
/// Accept-Encoding. The last stays for HEAD, whose answer tells the length of the GET answer that this client would
/// get.
Headers forwarded_fields(const Request& request, const Headers& headers);

}  // namespace daybook::api
