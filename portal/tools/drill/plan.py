"""What the drill sets out to do; every total at its end is checked against this."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """Sizes of the walk. The defaults are those of the acceptance run."""

    provinces: int = 3
    #: agencies prepared in all, and how many of them stop half way
    agencies: int = 300
    incomplete: int = 30
    roster: int = 12
    headcount: int = 40
    #: agencies whose surveys are answered, and answers to each of their two surveys
    surveyed: int = 60
    answers_each: int = 25
    #: respondents who send a second time
    repeated: int = 60
    respondents_at_once: int = 8
    #: respondents before those who activate, and as many beside; seconds between two; what 95 of 100 wait
    beside: int = 500
    arrive_every: float = 0.2
    longest_wait: float = 1.0
    #: people who activate at the same time
    activate_at_once: int = 4
    disclosures: int = 50
    letters: int = 76

    @property
    def answers(self) -> int:
        """Answers that must be in the boxes."""
        return self.surveyed * 2 * self.answers_each

    @property
    def activated(self) -> int:
        """Agencies whose admin activates while they are prepared: of those that stop, some never began."""
        return self.agencies - sum(number % 4 == 0 for number in range(self.incomplete))

    @property
    def confirmed(self) -> int:
        """Agencies whose executive confirms."""
        return self.agencies - self.incomplete


#: a walk that shows in seconds whether the whole is whole: one province, an agency at each step
SMALL = Plan(
    provinces=1,
    agencies=4,
    incomplete=3,
    roster=3,
    surveyed=1,
    answers_each=3,
    repeated=2,
    respondents_at_once=2,
    beside=2,
    arrive_every=0.05,
    longest_wait=10.0,
    activate_at_once=2,
    disclosures=1,
    letters=1,
)
