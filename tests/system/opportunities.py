"""The sample of tests/data/opportunities, read by other means than the product's, and what must be seen of it there.

Shared by the tests of every way in: HTTP, the example script, the CLI.
"""

import collections
import csv
import dataclasses
import decimal

from daybook_server import ROOT

DATA = ROOT / "tests" / "data" / "opportunities"
EXAMPLE = ROOT / "examples" / "opportunities"
PIPELINE_CSV = DATA / "sales_pipeline.csv"
OPTIONS_FILE = EXAMPLE / "options.json"
STAGE_OF = {"Prospecting": "lead", "Engaging": "negotiation", "Won": "won", "Lost": "lost"}
KINDS = {"lead": "open", "qualified": "open", "proposal": "open", "negotiation": "open", "won": "won", "lost": "lost"}


@dataclasses.dataclass
class Deal:
    title: str
    stage: str
    value: decimal.Decimal
    currency: str = "USD"
    owner: str | None = None  # a member's name
    closed_at: str | None = None  # RFC 3339; "moved": whenever it was moved here
    contact_id: str | None = None


def rows_of(file):
    with open(file, newline="", encoding="utf-8") as source:
        return list(csv.DictReader(source))


def deals_of_the_file(file=PIPELINE_CSV):
    """{title: Deal} as the file says; the titles are its ids."""
    deals = {}
    for row in rows_of(file):
        closed = row["close_date"] + "T00:00:00Z" if row["close_date"] else None
        deals[row["opportunity_id"]] = Deal(row["opportunity_id"], STAGE_OF[row["deal_stage"]],
                                            decimal.Decimal(row["close_value"] or "0"), owner=row["sales_agent"], closed_at=closed)
    return deals


def get(client, path, **params):
    answer = client.get(path, params=params)
    assert answer.status == 200, f"{path} {params}: {answer.body}"
    return answer.json


def every(client, path, **params):
    """Every record of a list, page by page."""
    records = []
    while True:
        page = get(client, path, limit=500, **params)
        records += page["data"]
        if page["next_cursor"] is None:
            return records
        params["cursor"] = page["next_cursor"]


def sums_of(deals):
    """{stage: (count, {currency: sum})} of all stages, empty ones too."""
    counts = collections.Counter(deal.stage for deal in deals)
    totals = {stage: collections.Counter() for stage in KINDS}
    for deal in deals:
        totals[deal.stage][deal.currency] += deal.value
    return {stage: (counts[stage], {currency: value for currency, value in sorted(totals[stage].items()) if value}) for stage in KINDS}


def board_of(client):
    """The same from the board. Totals of zero say nothing."""
    board = get(client, "/v1/pipelines/default/board", cards=0)
    sums = {}
    for stage in board["stages"]:
        assert stage["kind"] == KINDS[stage["key"]] and stage["deals"] == []
        totals = {total["currency"]: decimal.Decimal(total["value"]) for total in stage["totals"]}
        sums[stage["key"]] = (stage["count"], {currency: value for currency, value in totals.items() if value})
    return sums


def names_of_members(client):
    return {member["id"]: member["name"] for member in every(client, "/v1/members")}


def assert_board(client, deals):
    assert board_of(client) == sums_of(deals.values())


def assert_deals(client, deals, began_at):
    """Every deal of the workspace is as in `deals`, and there are no others; what was moved closed after `began_at`."""
    names = names_of_members(client)
    found = every(client, "/v1/deals")
    assert sorted(deal["title"] for deal in found) == sorted(deals)
    for deal in found:
        expected = deals[deal["title"]]
        shown = Deal(deal["title"], deal["stage"], decimal.Decimal(deal["value"]), deal["currency"],
                     names.get(deal["owner_id"]), expected.closed_at, deal["contact_id"])
        assert shown == expected
        assert deal["kind"] == KINDS[deal["stage"]]
        if expected.closed_at == "moved":
            assert deal["closed_at"] > began_at, deal
        else:
            assert (deal["closed_at"] and deal["closed_at"].replace(".000000Z", "Z")) == expected.closed_at, deal


def assert_lists(client, deals):
    """What the filters of /v1/deals select, and their totals, against the same asked of `deals`."""
    ids = {name: id for id, name in names_of_members(client).items()}
    owners = sorted({deal.owner for deal in deals.values() if deal.owner})
    filters = [({"stage": stage}, lambda deal, stage=stage: deal.stage == stage) for stage in KINDS]
    filters += [({"owner_id": ids[owner]}, lambda deal, owner=owner: deal.owner == owner) for owner in owners[::7]]
    filters += [({"owner_id": "none"}, lambda deal: deal.owner is None),
                ({"stage": "won,lost", "currency": "USD", "value[gte]": "4000.00"},
                 lambda deal: deal.stage in ("won", "lost") and deal.currency == "USD" and deal.value >= 4000),
                ({"kind": "open", "currency": "JPY"}, lambda deal: KINDS[deal.stage] == "open" and deal.currency == "JPY")]
    for query, wanted in filters:
        expected = sorted(deal.title for deal in deals.values() if wanted(deal))
        assert sorted(deal["title"] for deal in every(client, "/v1/deals", **query)) == expected, query
        if len(query) == 1:
            counted = get(client, "/v1/deals", limit=1, total="true", **query)
            assert (counted["total"], counted["total_exact"]) == (len(expected), True), query


def assert_no_mail(client):
    """Nothing was mailed, nor would be: no e-mail stands in any state."""
    assert every(client, "/v1/emails") == []
    assert get(client, "/v1/events", types="email.*", limit=500)["data"] == []
