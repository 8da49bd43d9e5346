#!/usr/bin/env python3
"""Fills a workspace with a sales team's data: 85 companies, 35 members, and 8,800 deals from one CSV file.

    export DAYBOOK_URL=http://127.0.0.1:7400 DAYBOOK_KEY=dbk_…
    python3 examples/opportunities/load.py

or, with the deals by the command line:

    python3 examples/opportunities/load.py --without-deals
    daybook import deals tests/data/opportunities/sales_pipeline.csv --options @examples/opportunities/options.json

Needs nothing but Python. May be run again: what is there already is not made twice. The deals are one import, so all of
them are there or none; options.json says how its columns and stages are to be understood.
"""

import csv
import hashlib
import json
import os
import pathlib
import sys
import urllib.error
import urllib.parse
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE.parents[1] / "tests" / "data" / "opportunities"


class Daybook:
    """The few calls of the HTTP interface that this script needs. Errors end it with what the server said."""

    def __init__(self, url, key):
        self.url = url.rstrip("/")
        self.key = key

    def request(self, method, path, body=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers["Authorization"] = f"Bearer {self.key}"
        request = urllib.request.Request(self.url + path, data=body, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as response:
                return json.load(response)
        except urllib.error.HTTPError as problem:
            sys.exit(f"{method} {path}: {problem.code} {problem.read().decode()}")

    def create(self, path, record):
        return self.request("POST", path, json.dumps(record).encode(), Content_Type="application/json")

    def all(self, path):
        """Every record of a list, page by page."""
        cursor = ""
        while cursor is not None:
            page = self.request("GET", f"{path}?limit=500{cursor and '&cursor='}{cursor}")
            yield from page["data"]
            cursor = page["next_cursor"]


def rows_of(file):
    with open(file, newline="", encoding="utf-8") as source:
        yield from csv.DictReader(source)


def add_companies(daybook, file):
    there = {company["name"] for company in daybook.all("/v1/companies")}
    for row in rows_of(file):
        if row["account"] not in there:
            daybook.create("/v1/companies", {
                "name": row["account"],
                "industry": row["sector"],
                "size": row["employees"],
                "address": row["office_location"],
                "notes": f"Founded {row['year_established']}, revenue {row['revenue']} million USD",
            })


def add_members(daybook, file):
    there = {member["name"] for member in daybook.all("/v1/members")}
    for row in rows_of(file):
        if row["sales_agent"] not in there:
            daybook.create("/v1/members", {"name": row["sales_agent"], "role": "member"})


def import_deals(daybook, file):
    """One import. The key is made of the file, so that sending it again gives the first answer and no second import."""
    content = file.read_bytes()
    options = json.dumps(json.loads((HERE / "options.json").read_text()))
    query = urllib.parse.urlencode({"kind": "deals", "commit": "true", "options": options})
    return daybook.request("POST", f"/v1/imports?{query}", content, Content_Type="text/csv", Prefer="wait=60",
                           Idempotency_Key="opportunities-" + hashlib.sha256(content).hexdigest())


def main(*arguments):
    if not {"DAYBOOK_URL", "DAYBOOK_KEY"} <= set(os.environ) or not set(arguments) <= {"--without-deals"}:
        sys.exit(__doc__)
    daybook = Daybook(os.environ["DAYBOOK_URL"], os.environ["DAYBOOK_KEY"])
    add_companies(daybook, DATA / "accounts.csv")
    add_members(daybook, DATA / "sales_teams.csv")
    if arguments:
        return 0
    report = import_deals(daybook, DATA / "sales_pipeline.csv")
    print(json.dumps(report, indent=2))
    return 0 if report["state"] == "committed" else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
