#pragma once

// The won mail's Mustache templates: three braces where the text is plain, two, which escape, where it is HTML.
namespace daybook::consumers {

inline constexpr char kWonMailSubject[] = "Deal won: {{{deal_title}}} ({{{value_text}}} {{{currency}}})";

inline constexpr char kWonMailText[] = R"(Hello {{{owner_name}}},

your deal "{{{deal_title}}}" is won.

Value: {{{value_text}}} {{{currency}}}
{{#contact_name}}Contact: {{{contact_name}}}
{{/contact_name}}Deal: {{{deal_url}}}

Daybook, workspace {{{workspace_name}}}
)";

inline constexpr char kWonMailHtml[] = R"(<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Deal won</title></head>
<body>
<p>Hello {{owner_name}},</p>
<p>your deal <strong>{{deal_title}}</strong> is won.</p>
<table>
<tr><th align="left">Value</th><td>{{value_text}} {{currency}}</td></tr>
{{#contact_name}}<tr><th align="left">Contact</th><td>{{contact_name}}</td></tr>
{{/contact_name}}</table>
<p><a href="{{deal_url}}">Open the deal</a></p>
<p>Daybook, workspace {{workspace_name}}</p>
</body>
</html>
)";

}  // namespace daybook::consumers
