"""Sentences, and the phrases in them that hide who holds what they say, judge how likely it is, or how sure one is."""

from __future__ import annotations

import time

import pytest

from briefing.hedges import confidence_words, hedges, judgement_words
from briefing.vocabulary import LIKELIHOOD


@pytest.mark.parametrize(
    ("sentence", "phrases"),
    [
        ("The agreement is reportedly ready to sign.", ["reportedly"]),
        ("Funds were allegedly diverted to a shell company.", ["allegedly"]),
        ("The text apparently binds both parties.", ["apparently"]),
        ("The purportedly final draft was not published.", ["purportedly"]),
        ("The minister is said to favor a delay.", ["is said to"]),
        ("Both sides are believed to have accepted the text.", ["are believed to"]),
        ("The committee is expected to meet on Tuesday.", ["is expected to"]),
        ("Costs are not expected\nto rise.", ["are not expected to"]),
        ("The program is widely expected to lapse.", ["is widely expected to"]),
        ("The rule was reported to have cost $3 billion.", ["was reported to have"]),
        ("The bill is estimated to cost $3 billion.", ["is estimated to"]),
        ("It is thought that the fund is insolvent.", ["It is thought that"]),
        ("It is widely believed that the text is final.", ["It is widely believed that"]),
        ("It has been suggested that, as it was understood, aid would end.", ["It has been suggested that"]),
        ("It is feared reserves will run out.", ["It is feared"]),
        ("It could be argued that the statute already covers this.", ["It could be argued that"]),
        ("It appears that the clause was dropped.", ["It appears that"]),
        ("Some say the cap is too low.", ["Some say"]),
        ("Many believe that the tax will pass.", ["Many believe"]),
        ("Others argue for a longer term.", ["Others argue"]),
        ("Some lawmakers increasingly question the cost.", ["Some lawmakers increasingly question"]),
        ("Several former U.S. officials warned against it.", ["Several former U.S. officials warned"]),
        ("Many in Congress believe that the limit binds.", ["Many in Congress believe"]),
        ("Some see the agreement as a treaty.", ["Some see the"]),
        ("Critics fear a longer war.", ["Critics fear"]),
        ("Critics of the bill increasingly fear a deficit.", ["Critics of the bill increasingly fear"]),
        ("Critics in the Senate Budget Committee say so.", ["Critics in the Senate Budget Committee say"]),
        ("Republican critics said the offset is a gimmick.", ["critics said"]),
        ("Senate opponents argue the reverse.", ["opponents argue"]),
        ("Opponents of X argue that it is unlawful.", ["Opponents of X argue"]),
        ("Observers note that turnout fell.", ["Observers note"]),
        ("But experts warn of a shortage.", ["experts warn"]),
        ("Western analysts expect a ceasefire.", ["analysts expect"]),
        ("Sources say the text is final.", ["Sources say"]),
        ("Senior officials said the sale is approved.", ["officials said"]),
        ("A senior official told reporters that talks failed.", ["A senior official told"]),
        ("People familiar with the talks described two drafts.", ["People familiar with"]),
        ("He spoke on condition of anonymity.", ["on condition of anonymity"]),
        ("The pact is widely seen as a turning point.", ["is widely seen as"]),
        ("The port is considered a target.", ["is considered a"]),
        ("The reform is generally regarded as a success.", ["is generally regarded as"]),
        ("According to media reports, the sale is off.", ["According to media reports"]),
        ("The sale is off, according to sources in the ministry.", ["according to sources"]),
        (
            "According to senior U.S. officials who saw it, the text is short.",
            ["According to senior U.S. officials"],
        ),
        ("According to some estimates, half were lost.", ["According to some estimates"]),
        ("The company is rumored to be for sale.", ["is rumored to"]),
        ("There are growing fears that the fund will run dry.", ["There are growing fears that"]),
        ("There is concern about the delay.", ["There is concern about"]),
        ("Questions have been raised about its legality.", ["Questions have been raised"]),
        ("Amid mounting concerns about cost, it was withdrawn.", ["Amid mounting concerns about"]),
        ("This could be seen as a concession.", ["could be seen as"]),
        ("The law has been described as a giveaway.", ["has been described"]),
        ("The agency has been widely criticized for delays.", ["has been widely criticized"]),
        ("The firm is accused of fraud.", ["is accused of"]),
        ("Reports suggest that stocks are low.", ["Reports suggest"]),
        ("The plan failed, and media reports indicate a dispute.", ["media reports indicate"]),
        ("The conventional wisdom is that rates will fall.", ["conventional wisdom"]),
        ("The clause appears to be binding.", ["appears to be"]),
        ("Some argue it helps; critics say it does not.", ["Some argue", "critics say"]),
        ("According to X, aid ended. The port is expected to close.", ["is expected to"]),
    ],
)
def test_hedges_with_no_holder(sentence: str, phrases: list[str]) -> None:
    assert hedges(sentence) == phrases


@pytest.mark.parametrize(
    "sentence",
    [
        "The reported figure covers fiscal year 2025.",
        "The agency submitted two reports to Congress.",
        "The Secretary said to reporters that talks would go on.",
        "Cases are reported to the CDC within 24 hours.",
        "The outlays were reported to Congress in March.",
        "Some funds were obligated before the deadline.",
        "Many agencies reported no shortfall.",
        "A poll of likely voters was taken in May.",
        "The concerns of the committee are set out in its report.",
        "The committee raised concerns about the schedule.",
        "Concerns were raised by the Senate Budget Committee.",
        "Questions were raised in writing by X.",
        "According to the State Department, the text is final.",
        "According to a GAO report, 41 percent was spent.",
        "The sale is off, according to X.",
        "According to reports by the Inspector General, controls failed.",
        "According to officials at the Treasury, the sale is off.",
        "According to CBO, outlays are expected to rise.",
        "Outlays are projected to rise by 3 percent, according to the Congressional Budget Office.",
        "GAO analysts say that the data are incomplete.",
        "State Department officials said the text is final.",
        "An FBI official said the case is closed.",
        "Economists at the Federal Reserve expect inflation to fall.",
        "Critics such as Senator Paul say the cost is too high.",
        "The critics, including the American Medical Association, say so in a letter.",
        "The bill was considered by the House on May 3.",
        "The amendment was considered in committee.",
        "It is regarded by the Navy as obsolete.",
        "The law has been described by X as a giveaway.",
        "The agency has been criticized for its delays by the Government Accountability Office.",
        "Three officials charged with fraud were dismissed.",
        "Experts called to testify were sworn in.",
        "Officials from 12 states attended.",
        "Congress has some say in the matter, and most states have a share.",
        "Some doubt remains about the date.",
        "Many thought leaders attended; some alleged violations were dropped.",
        "Supporters signed a petition with 4,000 names.",
        "The fund supports advocates of low-income tenants.",
        "The reports indicate that the reserve was used.",
        "GAO reports suggest that controls improved.",
        "Funds may be used to hire analysts.",
        "The tax is supposed to end in 2027, and the alleged violation was settled.",
        "The statute follows generally accepted accounting principles.",
        "Contractors are required to report, and are held to the same standard.",
        "X called it “reportedly ready,” and “some say” so.",
        "The word appears in section 3, and the witness appeared before the panel.",
        "There are 12 questions about income on the form.",
        "There were two reports of the Inspector General.",
        "X expects the Senate to vote in June.",
        "This office believes that the text is final.",
        "The Army believed the bridge to be safe.",
        "The Senate is to meet on Tuesday.",
        "Nothing in this Act shall be construed as a waiver.",
        "An individual shall be considered a resident after a year.",
        "The bill was sent back; it will be considered in June.",
        "It was reported to Congress in March.",
        "",
    ],
)
def test_no_hedges(sentence: str) -> None:
    assert hedges(sentence) == []


@pytest.mark.parametrize("word", sorted(LIKELIHOOD))
def test_every_word_of_the_vocabulary_is_a_judgement(word: str) -> None:
    sentence = (
        f"There is {word} that it passes." if "chance" in word or "odds" in word else f"The chance is {word}."
    )
    assert judgement_words(sentence) == [word]


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("The Senate will probably vote in June.", ["probably"]),
        ("It will almost certainly fail, and most likely soon.", ["almost certainly", "most likely"]),
        ("A veto is likely.", ["likely"]),
        ("It is highly\nunlikely to be signed.", ["highly unlikely"]),
        ("A likely veto would end it.", ["likely"]),
        ("It is more likely than not that it passes.", ["more likely than not"]),
        ("A delay is now more likely.", ["more likely"]),
        ("There is a remote possibility of default.", ["remote possibility"]),
        ("The risk of a default before June is very remote.", ["remote"]),
        ("In all likelihood it will lapse.", ["In all likelihood"]),
        ("There is a good chance of passage, or an even chance.", ["good chance", "an even chance"]),
        ("Chances are that it lapses.", ["Chances are"]),
        ("A poll of likely voters was taken.", []),
        ("The officer had probable cause.", []),
        ("The probable maximum flood is 41 feet; probable reserves fell; 12 probable cases were found.", []),
        ("The agent is probably carcinogenic to humans.", []),
        ("Clinics in remote areas, and remote work, are covered.", []),
        ("The office asked how likely a default is.", []),
        ("Women were twice as likely as men to enroll, and three times more likely to stay.", []),
        ("Older workers are less likely to move than younger ones.", []),
        ("The condition is at least as likely as not connected to service.", []),
        ("X called it “very likely.”", []),
        ("The likelihood of a default was not estimated.", []),
        ("The certain result is a chance to amend.", []),
    ],
)
def test_words_of_likelihood(sentence: str, words: list[str]) -> None:
    assert judgement_words(sentence) == words


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("It holds this with high confidence.", ["high confidence"]),
        ("It has low to moderate confidence in the figure.", ["low to moderate confidence"]),
        ("This is a moderate-confidence judgment.", ["moderate-confidence"]),
        ("Analysts have a high degree of confidence in it.", ["high degree of confidence"]),
        ("It says so with great confidence.", ["with great confidence"]),
        ("The office is highly confident of the date.", ["highly confident"]),
        ("X is confident that it passes.", ["confident that"]),
        ("Consumer confidence fell; the 95 percent confidence interval is wide.", []),
        ("A vote of no confidence was held with confidence intervals.", []),
        ("It reported high confidence levels.", []),
        ("X said it has “high confidence.”", []),
        ("A confidential and confident letter", []),
    ],
)
def test_words_of_confidence(sentence: str, words: list[str]) -> None:
    assert confidence_words(sentence) == words


@pytest.mark.parametrize(
    "text",
    [
        "critics of the " * 7000,
        "some " * 20_000,
        "is really " * 10_000,
        "a" * 100_000,
        "there are growing " * 6000,
        "The council of the city closed the old bridge, which X said was safe. " * 1500,
        "more likely " * 9000,
        "chance of the " * 8000,
        "has been described " * 5000,
        "According to X, it is expected to fall. " * 2500,
        ". " * 50_000,
    ],
    ids=lambda text: text[:16],
)
def test_a_long_text_takes_no_time(text: str) -> None:
    start = time.process_time()
    hedges(text)
    judgement_words(text)
    confidence_words(text)
    assert time.process_time() - start < 3  # none takes a second on an idle core
