#include "cli/http_client.h"

#include <curl/curl.h>

#include <memory>

namespace daybook::cli {
namespace {

using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

std::size_t collect(char* data, std::size_t size, std::size_t count, void* out) {
  static_cast<std::string*>(out)->append(data, size * count);
  return size * count;
}

}  // namespace

HttpAnswer HttpClient::send(const std::string& method, const std::string& path, const std::string& body) const {
  const Easy easy(curl_easy_init(), curl_easy_cleanup);
  if (!easy) throw NotReachable("libcurl cannot start");
  List headers(curl_slist_append(nullptr, ("Authorization: Bearer " + key_).c_str()), curl_slist_free_all);
  if (!body.empty()) {
    curl_slist_append(headers.get(), "Content-Type: application/json");
    curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDS, body.c_str());
  }
  HttpAnswer answer;
  curl_easy_setopt(easy.get(), CURLOPT_URL, (url_ + path).c_str());
  curl_easy_setopt(easy.get(), CURLOPT_CUSTOMREQUEST, method.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, collect);
  curl_easy_setopt(easy.get(), CURLOPT_WRITEDATA, &answer.body);
  curl_easy_setopt(easy.get(), CURLOPT_TIMEOUT, 60L);
  const CURLcode code = curl_easy_perform(easy.get());
  if (code != CURLE_OK) {
    throw NotReachable(url_ + " is not reachable: " + curl_easy_strerror(code) + "; is `daybook serve` running there?");
  }
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &answer.status);
  return answer;
}

}  // namespace daybook::cli
