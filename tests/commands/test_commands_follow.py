"""What a command waits for: all that can be done, whatever was parked meanwhile."""

import io
from types import SimpleNamespace

import pytest
from rich.console import Console

from pipeline.commands.follow import follow
from pipeline.errors import ServiceError


class House:
    """A folder whose batches are finished one a tick, but for the parked ones."""

    def __init__(self, batches, parked):
        self.left, self._parked, self.ticks = list(batches), parked, 0
        done = SimpleNamespace(read=0, received=1, settled=0)
        self.catalogue = SimpleNamespace(
            unfinished=lambda: tuple(self.left), progress=lambda _batches: done
        )

    def tick(self):
        self.ticks += 1
        open_ = [batch for batch in self.left if batch not in self._parked]
        if open_:
            self.left.remove(open_[0])

    def parked(self):
        return self._parked


def followed(house, *batches):
    follow(house, house, batches, Console(file=io.StringIO()))


def test_a_parked_batch_does_not_stop_the_others():
    house = House(["a", "b", "c"], parked=("a",))
    with pytest.raises(ServiceError, match="1 batches failed too often"):
        followed(house, "a", "b", "c")
    assert house.left == ["a"]


def test_what_is_parked_elsewhere_is_none_of_its_business():
    house = House(["a", "b"], parked=("z", "a"))
    followed(house, "b")
    assert house.left == ["a"]
