"""A standing watch over checked pages: evidence that may be looked at after each.

``shown`` gathers evidence that the rate is below a bound, ``doubted`` that it is
above, each a mixture of bets that gain nothing on average where the opposite holds, so
that the chance of ever seeing 20 is at most 1 in 20 (Ville). ``broke`` is a sum of bets
that forgets good times (CUSUM): it notices a change after a long clean run. Sources:
Waudby-Smith & Ramdas, arXiv 2010.09686; Page (1954); Lorden (1971) for its line.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

ENOUGH = 20.0  # evidence that is right at least 19 times in 20
BETS = (0.2, 0.5, 0.8, 0.95)  # of the most that may be staked
WORSE = (2.0, 5.0, 10.0, 30.0, 100.0)  # times the rate: what is bet on
CHANGE = 10.0  # times the rate: the change that the sum looks out for
QUIET = (
    100.0  # times 1/rate: checked pages between two false alarms of the sum, at least
)


def shown(wrong: Iterable[bool], rate: float) -> float:
    """Evidence against a rate of ``rate`` or more: certify at ENOUGH, look any time."""
    stakes = [bet / (1.0 - rate) for bet in BETS]
    logs = [0.0] * len(stakes)
    for one in wrong:
        for place, stake in enumerate(stakes):
            logs[place] += math.log1p(stake * (rate - one))
    return mean_of(logs)


def doubted(wrong: Iterable[bool], rate: float) -> float:
    """The most evidence there ever was for more than ``rate``: alarm at ENOUGH."""
    bets = [odds(rate, min(times * rate, 0.5)) for times in WORSE]
    logs, most = [0.0] * len(bets), 1.0
    for one in wrong:
        for place, (if_wrong, if_right) in enumerate(bets):
            logs[place] += if_wrong if one else if_right
        if one:  # it only falls with a page that is right
            most = max(most, mean_of(logs))
    return most


def broke(wrong: Iterable[bool], rate: float) -> bool:
    """Whether the sum of log odds for CHANGE times ``rate`` ever crossed its line."""
    if_wrong, if_right = odds(rate, min(CHANGE * rate, 0.5))
    line, height = math.log(QUIET / rate), 0.0
    for one in wrong:
        height = max(0.0, height + (if_wrong if one else if_right))
        if height >= line:
            return True
    return False


def alarm(wrong: Sequence[bool], rate: float) -> str:
    """Which of the two watches says that ``rate`` does not hold; "" for neither."""
    if doubted(wrong, rate) >= ENOUGH:
        return "the sample shows more wrong pages than the certificate allows"
    if broke(wrong, rate):
        return "the sample shows that wrong pages have become more frequent"
    return ""


def odds(rate: float, worse: float) -> tuple[float, float]:
    """Natural log of the odds of ``worse`` over ``rate``: a wrong page, a right one."""
    return math.log(worse / rate), math.log1p(-worse) - math.log1p(-rate)


def mean_of(logs: Sequence[float]) -> float:
    """The mean of what these are the natural logs of; infinite where it overflows."""
    top = max(logs)
    if top > 700.0:  # noqa: PLR2004 - exp ends there
        return math.inf
    return math.exp(top) * math.fsum(math.exp(one - top) for one in logs) / len(logs)
