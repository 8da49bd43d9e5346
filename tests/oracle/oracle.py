"""Folds `daybook log dump` and prints records as JSON lines, as they stand at a position or at the end.

  daybook log dump --data DIR | python3 tests/oracle/oracle.py [--workspace ID] [--at POSITION] [--record ID]
"""

import argparse
import json
import sys

from fold import fold
from views import record_json


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workspace", help="only this one")
    parser.add_argument("--at", type=int, help="position; without it, the end")
    parser.add_argument("--record", help="only this one")
    return parser.parse_args()


def main():
    wanted = parse_arguments()
    for workspace in fold(json.loads(line) for line in sys.stdin).values():
        if wanted.workspace not in (None, workspace.id):
            continue
        for record_id, record in workspace.records.items():
            if wanted.at is not None:
                record = workspace.as_of(record_id, wanted.at)
            if record is not None and wanted.record in (None, record_id):
                shown = {"workspace": workspace.id, "kind": record.kind} | record_json(workspace, record)
                print(json.dumps(shown, ensure_ascii=False))


if __name__ == "__main__":
    main()
