"""What proto/daybook/v1 says about kinds, their fields and the events: names, numbers and how a value is shown."""

import dataclasses
import pathlib
import re

PROTOS = pathlib.Path(__file__).resolve().parents[2] / "proto" / "daybook" / "v1"
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\w.]+|[^\s\w]')


@dataclasses.dataclass(frozen=True)
class Field:
    number: int
    name: str
    type: str
    repeated: bool
    is_money: bool
    is_shown: bool  # in answers: neither internal nor secret


@dataclasses.dataclass
class Message:
    name: str
    fields: list = dataclasses.field(default_factory=list)
    options: str = ""

    def field(self, number):
        return next(field for field in self.fields if field.number == number)

    def option(self, name):
        found = re.search(rf'\b{name}\b[^"\w]*"([^"]*)"', self.options)
        return found.group(1) if found else None


class Reader:
    """Reads the part of the language that these files use."""

    def __init__(self, text):
        self.tokens = TOKEN.findall(re.sub(r"//[^\n]*", "", text))
        self.at = 0
        self.messages = {}

    def next(self):
        self.at += 1
        return self.tokens[self.at - 1]

    def through(self, end):
        taken = []
        while (token := self.next()) != end:
            taken.append(token)
        return taken

    def skip_block(self):
        self.through("{")
        depth = 1
        while depth:
            depth += {"{": 1, "}": -1}.get(self.next(), 0)

    def file(self):
        while self.at < len(self.tokens):
            word = self.next()
            if word == "message":
                self.message("")
            elif word == "enum":
                self.skip_block()
            else:
                self.through(";")
        return self.messages

    def message(self, outer):
        message = Message(outer + self.next())
        self.messages[message.name] = message
        self.next()
        while (word := self.next()) != "}":
            if word == "message":
                self.message(message.name + ".")
            elif word == "enum":
                self.skip_block()
            elif word == "reserved":
                self.through(";")
            elif word == "option":
                message.options += " ".join(self.through(";"))
            elif word in ("optional", "repeated"):
                message.fields.append(field_of(word, self.through(";")))
            else:
                raise ValueError(f"{message.name}: {word}")


def field_of(label, tokens):
    type_name, name, _, number, *rest = tokens
    rules = " ".join(rest)
    shown = "internal : true" not in rules and "secret : true" not in rules
    json_name = re.search(r'json_name = "([^"]+)"', rules)
    return Field(int(number), json_name.group(1) if json_name else name, type_name, label == "repeated", "FORMAT_MONEY" in rules, shown)


@dataclasses.dataclass(frozen=True)
class Kind:
    number: int
    name: str
    plural: str
    message: Message


class Protos:
    """`kinds` by name, `messages` by name, `events`: the name of every event → the message of its data."""

    def __init__(self):
        self.messages = {}
        for path in sorted(PROTOS.glob("*.proto")):
            self.messages.update(Reader(path.read_text(encoding="utf-8")).file())
        self.kinds = {}
        for field in self.messages["Contract"].fields:
            message = self.messages[field.type]
            self.kinds[field.name] = Kind(field.number, field.name, message.option("plural"), message)
        self.events = {}
        self.generic = {}  # name of an event of every kind → what it does
        for kind in self.kinds.values():
            self.add_generic(kind)
        for message in self.messages.values():
            if message.option("event_name"):
                self.events[message.option("event_name")] = message

    def add_generic(self, kind):
        verbs = {"created": kind.message.option("created") or "created", "updated": kind.message.option("updated") or "updated"}
        for fact in ("created", "updated"):
            self.events[f"{kind.name}.{verbs[fact]}"] = kind.message
            self.generic[f"{kind.name}.{verbs[fact]}"] = fact
        for verb in ("deleted", "restored", "hidden", "unlinked", "shown", "relinked"):
            self.events[f"{kind.name}.{verb}"] = self.messages["Record" + verb.capitalize()]
            self.generic[f"{kind.name}.{verb}"] = verb

    def kind(self, number):
        return next(kind for kind in self.kinds.values() if kind.number == number)
