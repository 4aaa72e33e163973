"""A topic → what the documentation says of it, as plain text."""

from __future__ import annotations

from briefing.errors import Level, Location, Problem, UsageError, did_you_mean
from briefing.house import documents

__all__ = ["TOPICS", "manual", "topic_lines"]

TOPICS = {
    "tutorial": ("tutorial.md", "ten minutes, from a news article to a memo that is sent"),
    "starting": ("starting.md", "the program, a new project, another audience, this machine"),
    "facts": ("facts-format.md", "how to write facts, by example, kind by kind"),
    "sources": ("sources.md", "sources from a reference manager, and back"),
    "keeping": ("keeping.md", "the texts of sources, and whether the quotations stand in them"),
    "audiences": ("audiences.md", "how to write a brief of your own, and to tick one off"),
    "cookbook": ("cookbook.md", "audiences to copy, each with what it prints"),
    "building": ("building.md", "what is built anew and why, limits, many machines"),
    "changes": ("changes.md", "what changed between two editions, and which copies still hold"),
    "mail": ("mail.md", "the right file to the right people, once"),
    "ci": ("ci.md", "checks and builds at every push: GitHub, GitLab, pre-commit, Docker"),
    "rules": ("rules.md", "all that `briefing check` finds; a rule or family by its own name"),
}
"""Topic → its page, and what that is about."""


def topic_lines() -> list[str]:
    """The topics, a line each."""
    return [f"{topic:<10} {words}" for topic, (_, words) in TOPICS.items()]


def manual(topic: str, width: int) -> str:
    """What is said of a topic, a rule or a family of rules. UsageError, with a suggestion, for anything else."""
    from briefing.manualtext import manual_text
    from briefing.rulebook import explained, rule_names

    if topic in TOPICS:
        page = (documents() / TOPICS[topic][0]).read_text(encoding="utf-8")
        return manual_text(page, width, _behind)
    names = rule_names()
    if topic not in names:
        hint = did_you_mean(topic, [*TOPICS, *names]) or "; `briefing help` lists the topics"
        message = f'there is no topic, rule or command "{topic[:80]}"{hint}'
        raise UsageError(Problem(Location("command line"), Level.ERROR, message, "usage"))
    return manual_text(explained(topic), width, _behind)


def _behind(target: str) -> str:
    """Where a link leads, for who cannot follow it: to another topic, or to an address."""
    if "://" in target:
        return f" ({target})"
    file, _, place = target.partition("#")
    topic = next((name for name, (page, _) in TOPICS.items() if page == file), "")
    if topic == "rules" and place:
        return f" (briefing help {place})"
    return f" (briefing help {topic})" if topic else ""
