#include "api/routes/reads.h"

namespace daybook::api {

std::vector<Route> read_routes() {
  return {
      {"GET", "/v1/events", "events:read", get_events, "application/json,text/event-stream"},
      {"GET", "/v1/audit", "audit:read", get_audit},
      {"GET", "/v1/contacts/{id}/history", "contacts:read", get_history("contact")},
      {"GET", "/v1/companies/{id}/history", "companies:read", get_history("company")},
      {"GET", "/v1/deals/{id}/history", "deals:read", get_history("deal")},
      {"GET", "/v1/contacts/{id}/timeline", "contacts:read", get_timeline},
      {"GET", "/v1/companies/{id}/contacts", "contacts:read", get_tab("contact", "company")},
      {"GET", "/v1/contacts/{id}/deals", "deals:read", get_tab("deal")},
      {"GET", "/v1/contacts/{id}/projects", "records:read", get_tab("project")},
      {"GET", "/v1/contacts/{id}/tickets", "records:read", get_tab("ticket")},
      {"GET", "/v1/contacts/{id}/notes", "activities:read", get_tab("note")},
      {"GET", "/v1/contacts/{id}/activities", "activities:read", get_tab("activity")},
      {"GET", "/v1/search", "any", get_search},
  };
}

}  // namespace daybook::api
