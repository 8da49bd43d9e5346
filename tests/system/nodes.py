"""Several nodes of one Daybook, on one log in Kafka."""

import signal

from child import Child, wait_until
from daybook_server import LISTENING, DaybookServer, binary, copy_keys, free_port


class Node(DaybookServer):
    """One of them, at an address that it keeps over restarts: the others know it by that."""

    def __init__(self, data, args):
        super().__init__(data, args)
        self.url = f"http://127.0.0.1:{free_port()}"
        self.is_asleep = False

    def command(self):
        return [binary(), "serve", "--data", self.data, "--listen", self.url.removeprefix("http://"),
                "--node-url", self.url, *self.args]

    def start(self):
        self.child = Child(self.command(), env=self.env)
        self.child.wait_for_line(LISTENING)
        return self.wait_until_ready()

    def partitions(self):
        """What /readyz says of each partition."""
        return self.client().get("/readyz").json["partitions"]

    def owned(self):
        return {each["partition"] for each in self.partitions() if each["role"] == "owner"}

    def owner_of(self, partition):
        return self.partitions()[partition]["owner"]

    def pause(self):
        self.is_asleep = True
        self.child.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.child.process.send_signal(signal.SIGCONT)
        self.is_asleep = False


class Nodes:
    """Started one after the other; the first makes the keys, and the others get copies of them."""

    def __init__(self, directory, args, count):
        self.nodes = []
        self._directory, self._args = directory, args
        for _ in range(count):
            self.add()

    def add(self, *args):
        node = Node(self._directory / f"node-{len(self.nodes)}", [*self._args, *args])
        if self.nodes:
            copy_keys(self.nodes[0].data, node.data)
        self.nodes.append(node)
        return node.start()

    def __iter__(self):
        return iter(self.nodes)

    def __getitem__(self, number):
        return self.nodes[number]

    def at(self, url):
        return next(node for node in self.nodes if node.url == url)

    def running(self):
        return [node for node in self.nodes if node.is_running()]

    def awake(self):
        return [node for node in self.running() if not node.is_asleep]

    def agree(self):
        """Whether every node says the same of who has what, each partition has one, and each node its share."""
        nodes = self.running()
        partitions = [node.partitions() for node in nodes]
        owners = [[each["owner"] for each in of_node] for of_node in partitions]
        owned = [{each["partition"] for each in of_node if each["role"] == "owner"} for of_node in partitions]
        shares = sorted(len(partitions) for partitions in owned)
        is_settled = all(each["role"] != "taking_over" for of_node in partitions for each in of_node)
        return (is_settled and all(owner == owners[0] for owner in owners) and None not in owners[0] and
                sum(shares) == len(owners[0]) == len(set().union(*owned)) and shares[-1] - shares[0] <= 1)

    def wait_until_settled(self):
        wait_until(self.agree, "the nodes to share the partitions", 30)
        return self

    def end(self):
        for node in self.running():
            node.resume()
            node.kill()
