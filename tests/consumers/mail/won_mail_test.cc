#include "consumers/mail/won_mail.h"

#include <gmock/gmock.h>

namespace daybook::consumers {
namespace {

using testing::HasSubstr;
using testing::Not;

const WonDeal kDeal{.deal_title = "Roof",
                    .value_text = "1250.00",
                    .currency = "EUR",
                    .contact_name = "Jane Doe",
                    .owner_name = "Ann Smith",
                    .owner_address = "ann@acme.test",
                    .deal_url = "https://crm.test/deals/7",
                    .workspace_name = "Acme",
                    .message_id = "<0197@crm.test>",
                    .date = 1751364000};

Mail rendered(const WonDeal& deal) { return render_won_mail(deal, "daybook@crm.test"); }

WonDeal titled(std::string title) {
  WonDeal deal = kDeal;
  deal.deal_title = std::move(title);
  return deal;
}

TEST(WonMail, GoesToTheOwnerUnderTheGivenIdAndDate) {
  const Mail mail = rendered(kDeal);
  EXPECT_EQ(mail.to_name, "Ann Smith");
  EXPECT_EQ(mail.to_address, "ann@acme.test");
  EXPECT_EQ(mail.from, "daybook@crm.test");
  EXPECT_EQ(mail.message_id, "<0197@crm.test>");
  EXPECT_EQ(mail.date, 1751364000);
}

TEST(WonMail, HasThisSubject) { EXPECT_EQ(rendered(kDeal).subject, "Deal won: Roof (1250.00 EUR)"); }

TEST(WonMail, HasThisText) {
  EXPECT_EQ(rendered(kDeal).text,
            "Hello Ann Smith,\n\nyour deal \"Roof\" is won.\n\nValue: 1250.00 EUR\nContact: Jane Doe\n"
            "Deal: https://crm.test/deals/7\n\nDaybook, workspace Acme\n");
}

TEST(WonMail, LinksTheDealInHtml) {
  EXPECT_THAT(rendered(kDeal).html, HasSubstr("<a href=\"https://crm.test/deals/7\">"));
}

TEST(WonMail, WithoutAContactSaysNothingOfOne) {
  WonDeal deal = kDeal;
  deal.contact_name.reset();
  EXPECT_THAT(rendered(deal).text, HasSubstr("Value: 1250.00 EUR\nDeal: https"));
  EXPECT_THAT(rendered(deal).html, Not(HasSubstr("Contact")));
}

TEST(WonMail, EscapesValuesInHtmlOnly) {
  const Mail mail = rendered(titled("<b>\"R&D\"</b>"));
  EXPECT_THAT(mail.html, HasSubstr("<strong>&lt;b&gt;&quot;R&amp;D&quot;&lt;/b&gt;</strong>"));
  EXPECT_THAT(mail.text, HasSubstr("your deal \"<b>\"R&D\"</b>\" is won."));
  EXPECT_EQ(mail.subject, "Deal won: <b>\"R&D\"</b> (1250.00 EUR)");
}

TEST(WonMail, DoesNotReadTemplateSyntaxInValues) {
  EXPECT_EQ(rendered(titled("{{owner_name}} {{{")).subject, "Deal won: {{owner_name}} {{{ (1250.00 EUR)");
}

TEST(WonMail, MakesALineBreakInAValueASpace) {
  const Mail mail = rendered(titled(std::string("Roof\r\nBcc: eve@evil.test\0!", 26)));
  EXPECT_EQ(mail.subject, "Deal won: Roof Bcc: eve@evil.test ! (1250.00 EUR)");
  EXPECT_TRUE(compose(mail).has_value());
}

TEST(WonMail, CanBeComposedWithANameInAnyScript) {
  WonDeal deal = kDeal;
  deal.owner_name = "Ώμέγα, 王\n";
  EXPECT_TRUE(compose(rendered(deal)).has_value());
}

TEST(WonMail, MessageIdIsEventAtHost) { EXPECT_EQ(message_id("0197-ab", "crm.test"), "<0197-ab@crm.test>"); }

}  // namespace
}  // namespace daybook::consumers
