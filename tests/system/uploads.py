"""Uploads of CSV files, as the imports of several tests begin."""

CSV = b"first_name,last_name,email\nJane,Smith,jane@csv.test\nJo,Lee,no-address\n"


def upload(call, path, body=CSV, media="text/csv", **options):
    return call("POST", path, body=body, headers={"Content-Type": media, "Prefer": "wait=20"}, **options)
