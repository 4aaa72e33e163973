"""Words that state something, and words that only name."""

from __future__ import annotations

import time

import pytest

from briefing.statements import states

STATING = """\
The mayor is a crook:
The council was bribed:
The bridge is unsafe and was always unsafe:
This is why the mayor must go:
The council has ruined the town:
What is known – the mayor is a crook:
What is known is that the mayor is a crook
What a crook the mayor is
Lee: the mayor is a crook
The U.S. is bankrupt
The mayor’s a crook
He’s gone
Lee can’t be trusted
The mayоr iѕ a crook
The bridge will collapse
The bridge fell
The bridge fell into the river
Prices fell
The mayor took bribes
Mayor Took Bribes
The mayor secretly took bribes
The mayor cheated
The bridge collapsed and nobody helped
Children drowned
The bridge kills
The mayor takes bribes
The council hid it
The council spent it on wine
The council deceived the public
Ministers sold passports
Nobody cares
They lie
It kills people
Here is what changed, and the mayor is a crook
There was a bribe:
"""
NAMING = """\
What is known:
The other side:
What the agreement says:
What a template can print
On the bridge:
The facts are:
The figures are these:
Here is what changed
Here are the two views
The package includes:
Steps the council took
Steps the council took last year
Roads the army took in May
The day the bridge fell
Reasons why the bridge fell
Where things stand
Money pledged to the town
Money that was pledged
Bridges which were opened early
Officials who took bribes
Money appropriated the same year
Roads closed
Aid committed, and aid spent
The collapsed bridge
Newly closed roads
The bill as passed
Best paid jobs
U.S. led forces
Human remains
Ways and Means
Political will
The will of the people
May 2026
The United Nations
Everyone involved
Nothing else
You and your bill
While you wait
A judgement of what is, or why
The State Mobility Grant, by stage
Dear Mayor Lee:
"""


@pytest.mark.parametrize("text", STATING.splitlines())
def test_it_states(text: str) -> None:
    assert states(text)


@pytest.mark.parametrize("text", NAMING.splitlines())
def test_it_names(text: str) -> None:
    assert not states(text)


@pytest.mark.parametrize(
    "text", ["Rep. John Fell", "Ann Will Lee", "Drew Lee", "Nancy Drew Smith", "she/her"]
)
def test_a_verb_with_a_capital_is_a_name_among_names(text: str) -> None:
    assert not states(text, among_names=True)


@pytest.mark.parametrize("text", ["Lee took bribes", "The Mayor Took Bribes", "Mayor Stole The Money"])
def test_unless_it_is_none(text: str) -> None:
    assert states(text, among_names=True)


@pytest.mark.parametrize(
    "text", ["took ", "the day ", "what a ", "J. ", "is. ", "secretly ", ".", "a, ", "– "]
)
def test_long_texts_take_linear_time(text: str) -> None:
    begin = time.process_time()
    states(text * 20_000 + "x")
    assert time.process_time() - begin < 5
