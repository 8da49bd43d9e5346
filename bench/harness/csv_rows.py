"""Files for imports."""

import random

HEADER = ("first_name,last_name,email,phone,job_title,type,status,company_name,industry,timezone,notes,address_line1,"
          "city,postal_code,country,tags")
SYLLABLES = ("an bo cla da el fri gus ha is jo ka lu mar no ol pe ri sa to vi").split()


def contacts(seed, first, count):
    """A CSV of `count` contacts from number `first` on; the number is in the e-mail, 20 in a row share a company."""
    chosen = random.Random(seed + first)
    lines = [HEADER]
    for number in range(first, first + count):
        name = "".join(chosen.choices(SYLLABLES, k=3)).title()
        family = "".join(chosen.choices(SYLLABLES, k=4)).title()
        lines.append(
            f"{name},{family},{name}.{family}.{number}@example{number % 500}.com,+49 30 {1_000_000 + number},"
            f"Head of Procurement,customer,lead,Company {number // 20} Ltd,Mechanical engineering,Europe/Berlin,"
            f"Met at the spring fair; interested in the yearly plan.,Unter den Linden {number % 200},Berlin,10117,"
            f"Germany,newsletter")
    return "\n".join(lines).encode() + b"\n"
