"""Goals on the command line: how many members are enough."""

from sim.cli.failure import complain, refuse


def read_goals(texts: list[str]) -> list:
    """The goals of ``--until``; ends with a message and 2 where one cannot be read."""
    if not texts:
        return []
    from sim.outcomes.goal import GoalError, parse_goal

    goals, wrong = [], []
    for text in texts:
        try:
            goals.append(parse_goal(text))
        except GoalError as error:
            wrong.append(f"--until, {error}")
    if wrong:
        refuse("\n".join(wrong))
    return goals


def tell_goals(goals: list, found) -> None:
    """Say on standard error how sure each answer is, and what is missing where it is not sure enough."""
    from sim.comparison.effect import about

    for goal, estimate in zip(goals, found.estimates):
        said = goal.text.replace("±", "+-").split("+-")[0].strip()
        sure = (
            f"{said} = {estimate.value:.4g}, 95 % interval +- {estimate.half_width:.2g}, {estimate.members:,} members"
        )
        if goal.reached(estimate):
            complain(sure)
        else:
            more = estimate.members * ((estimate.half_width / goal.half_width) ** 2 - 1)
            complain(f"{sure}: not sure enough, about {about(more)} more members would be (--members is the most)")
