"""One week in the life of an insurer, played by people who are signed in, over nothing but HTTP and SMTP."""

from __future__ import annotations

from workflows.week import cast, friday, monday, stage, thursday, tuesday, wednesday
from workflows.week.stage import Week

DAYS = {
    "Monday: people join and move": monday.play,
    "Tuesday: a letter is drafted, approved and published": tuesday.play,
    "Wednesday: requests are routed, jobs end": wednesday.play,
    "Thursday: the border and the policy": thursday.play,
    "Friday: somebody leaves, and an auditor asks": friday.play,
}


def play(week: Week) -> None:
    """Raises WeekError where something is not as it should be."""
    week.telling.say("Sunday evening: everything is set up")
    stage.set_up(week)
    week.telling.say(f"  {len(cast.INSTALLED) + 1} templates are installed: {week.page('templates')}")
    for name, day in DAYS.items():
        week.telling.day(name)
        day(week)
