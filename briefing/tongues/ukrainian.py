"""Ukrainian.

What is given to a sentence stands in it as it was typed, so the words around it ask for the nominative, or for no case
at all ("понад", "щонайменше", "%"): no program can decline what an office has written. Numbers are digits, since words
for them have gender and case.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from briefing.asides import ASIDES
from briefing.dates import Date, zone
from briefing.facts import Grade, Quantity
from briefing.prose import capitalised
from briefing.tongues import ukrainian_dates as dates
from briefing.tongues import ukrainian_numbers as numbers
from briefing.tongues.base import FactLine, Tally, Tongue
from briefing.tongues.ukrainian_numbers import counted, form
from briefing.vocabulary import LIKELIHOOD
from briefing.wording import sentence

__all__ = ["UKRAINIAN"]

_KINDS = {
    "event": "подія",
    "figure": "показник",
    "provision": "положення",
    "statement": "заява",
    "assessment": "оцінка",
    "projection": "прогноз",
    "assumption": "припущення",
    "opinion": "думка",
    "gap": "прогалина",
}
_FORCES = {
    "draft": "проєкт",
    "agreed": "узгоджено",
    "signed": "підписано",
    "ratified": "ратифіковано",
    "in-force": "діє",
    "unknown": "чи діє, невідомо",
}
_LIKELIHOOD = {
    "almost no chance": "майже немає шансів",
    "remote": "шанси мізерні",
    "very unlikely": "дуже малоймовірно",
    "highly improbable": "вкрай маловірогідно",
    "unlikely": "малоймовірно",
    "improbable": "маловірогідно",
    "roughly even chance": "шанси приблизно рівні",
    "roughly even odds": "приблизно п’ятдесят на п’ятдесят",
    "likely": "імовірно",
    "probable": "вірогідно",
    "very likely": "дуже ймовірно",
    "highly probable": "дуже вірогідно",
    "almost certain": "майже напевно",
    "nearly certain": "практично напевно",
}
_CONFIDENCE = {"low": "низька впевненість", "moderate": "помірна впевненість", "high": "висока впевненість"}
_CREDIBILITY = {
    "1": "підтверджено іншими джерелами",
    "2": "імовірно, правда",
    "3": "можливо, правда",
    "4": "сумнівно",
    "5": "малоймовірно",
    "6": "правдивість оцінити неможливо",
}
_STANDINGS = {"disputed": "Оспорюється", "superseded": "Замінено", "retracted": "Відкликано"}
# In the genitive, for one source and for several.
_LEVELS = {
    "primary": ("первинного", "первинних"),
    "secondary": ("вторинного", "вторинних"),
    "tertiary": ("третинного", "третинних"),
}
_STAGES = {
    "announced": "оголо[сш]|анонс",
    "authorized": "дозвол|уповноваж|санкціон",
    "appropriated": "асигн|виділ",
    "committed": "обіця|зарезерв|зобов[’'ʼ]яза",
    "obligated": "зобов[’'ʼ]яза|законтракт",
    "disbursed": "випла[тч]|видан|перерах",
}
_ROUNDED = {
    "over": "округлено вниз",
    "at_least": "округлено вниз",
    "under": "округлено вгору",
    "at_most": "округлено вгору",
    "range": "межі розсунуто й округлено",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Ukrainian(Tongue):
    # --- values -----------------------------------------------------------------------------------

    def day(self, day: datetime.date) -> str:
        return dates.day_in_words(day)

    def date(self, date: Date) -> str:
        return dates.in_words(date)

    def published(self, date: Date) -> str:
        return dates.in_citation(date)

    def number(self, number: Decimal) -> str:
        return numbers.in_digits(number)

    def quantity(self, quantity: Quantity) -> str:
        return numbers.amount(quantity)

    def on_axis(self, number: Decimal, unit: str) -> str:
        return numbers.on_axis(number, unit)

    def day_on_axis(self, day: datetime.date, part: str) -> str:
        return dates.day_on_axis(day, part)

    def nth_table(self, number: int) -> str:
        return f"Таблиця {number}"

    def of_table_below(self, drawing: str) -> str:
        return f"{self.drawings[drawing]} за таблицею нижче"

    def names_stage(self, stage: str, text: str) -> bool:
        return re.search(rf"\b(?:{_STAGES[stage]})", text, re.IGNORECASE) is not None

    def quoted(self, words: str) -> str:
        return f"«{_with_inner_marks(words.strip())}»"

    # --- the frame --------------------------------------------------------------------------------

    def readers(self, readers: str) -> str:
        return f"Читачі: {readers}"

    def as_of(self, day: datetime.date) -> str:
        return f"Інформація станом на {self.day(day)}"

    def greeting(self, name: str) -> str:
        return "Доброго дня!"  # a name would stand in the vocative, and is not declined

    def attached(self, file: str) -> str:
        return f"Додано, з усіма джерелами та підставами кожного речення: {file}"

    def embargoed(self, until: datetime.datetime) -> str:
        return f"Не для оприлюднення до {until:%H:%M} {zone(until)}, {self.day(until.date())}".upper()

    # --- sources ----------------------------------------------------------------------------------

    def summary(self, tally: Tally) -> Iterator[str]:
        facts = counted(tally.facts, "факт", "факти", "фактів")
        yield f"Ця довідка спирається на {facts} із {_sources(tally.levels)}."
        if tally.gaps:
            yield f"Із них {tally.gaps} — про те, що невідомо."
        if tally.single:
            yield _single(tally.single, tally.facts - tally.gaps, tally.gaps)
        if tally.disputed:
            yield f"Оспорюваних серед них — {tally.disputed}."
        if tally.contradicted:
            verb = form(tally.contradicted, "суперечить", "суперечать", "суперечать")
            yield f"Іншому факту цієї довідки {verb} {tally.contradicted} з них."
        if tally.compared:
            yield (
                f"Для {tally.compared} з них нижче подано порівняння з іншим фактом цієї довідки, що відрізняється."
            )
        if tally.unused:
            unused = counted(tally.unused, "зібраний факт", "зібрані факти", "зібраних фактів")
            yield f"Ще {unused} тут не використано."

    def reliable(self, grade: Grade) -> str:
        words = self.reliability[grade.grade]
        return capitalised(words if grade.grade == "F" else f"{words} ({grade.grade})") + "."

    def read_on(self, day: datetime.date) -> str:
        return f"Прочитано {self.day(day)}."

    def appeared(self, parts: Sequence[str]) -> str:
        return capitalised(super().appeared(parts))

    def pages(self, pages: str) -> str:
        return f"с. {pages}"

    def kept(self, captured: datetime.date | None, digest: str) -> str:
        when = f" {self.day(captured)}" if captured else ""
        return f"Текст збережено{when} (SHA-256 {digest}…)"

    def rests_on_unread(self, works: int) -> str:
        unread = form(works, "якої не прочитано", "яких не прочитано", "яких не прочитано")
        return f"Спирається на {counted(works, 'працю', 'праці', 'праць')}, {unread}:"

    # --- evidence ---------------------------------------------------------------------------------

    def changed_since(self, day: datetime.date) -> str:
        return f"Що змінилося після {self.day(day)}"

    def redlined(self, old: datetime.date, new: datetime.date) -> str:
        days = f"від {self.day(old)} до {self.day(new)}" if old != new else f"від {self.day(new)}"
        return f"Зміни між редакціями {days}: вилучене закреслено, нове підкреслено."

    def likely(self, likelihood: str) -> str:
        _, low, high = LIKELIHOOD[likelihood]
        return f"{_LIKELIHOOD[likelihood]} ({low}–{high}\N{NO-BREAK SPACE}%)"

    def fact_line(self, line: FactLine) -> str:
        by = _listed(line.by)
        if line.kind == "provision":
            said = [f"Положення: {line.instrument} ({_FORCES[line.force]})"]
            said.append(f"джерело відомостей — {by}" if by else "")
        else:
            kind = capitalised(_KINDS[line.kind])
            said = [f"{kind}: {by}" if by else kind]
        said += [
            self.date(line.date) if line.date else "",
            f"горизонт — {self.date(line.horizon)}" if line.horizon else "",
            _LIKELIHOOD.get(line.likelihood, ""),
            _CONFIDENCE.get(line.confidence, ""),
        ]
        return sentence(", ".join(filter(None, said)))

    def independent(self, sources: int) -> str:
        return f"Незалежних джерел: {sources}."

    def credible(self, grade: Grade) -> str:
        return _with_reason(capitalised(f"{_CREDIBILITY[grade.grade]} ({grade.grade})"), grade.because)

    def standing(self, status: str, why: str) -> str:
        return _with_reason(_STANDINGS[status], why)

    def if_wrong(self, what: str) -> str:
        return f"Що, якщо це не так? {sentence(capitalised(what))}"

    def settled_by(self, what: str) -> str:
        return f"Що дасть відповідь? {sentence(capitalised(what))}"

    def compared(self, label: str, because: str) -> str:
        words = f"Порівняйте {self.quoted(label)}"
        return _with_reason(words, because) if because else f"{words}, вище."

    def contradicted_by(self, label: str) -> str:
        return sentence(f"Цьому суперечить {self.quoted(label)}")

    # --- workings ---------------------------------------------------------------------------------

    def rounded(self, qualifier: str, digits: int) -> str:
        how = _ROUNDED.get(qualifier, "округлено")
        return f"{how} до {digits} {form(digits, 'значущої цифри', 'значущих цифр', 'значущих цифр')}"

    def according_to(self, names: Sequence[str]) -> str:
        return f"за даними: {_listed(names)}"


# --- words ----------------------------------------------------------------------------------------------------


def _listed(names: Sequence[str]) -> str:
    return " і ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _with_reason(words: str, because: str) -> str:
    """A reason is a sentence of its own: behind a colon its capital would be wrong, unless it begins with a name."""
    return " ".join(filter(None, (sentence(words), sentence(capitalised(because)) if because else "")))


def _sources(levels: Sequence[tuple[str, int]]) -> str:
    """In the genitive: `4 джерел: 1 первинного і 3 вторинних`, `4 вторинних джерел`, `1 первинного джерела`."""
    whole = sum(number for _, number in levels)
    words = [f"{number} {form(number, *(_LEVELS[level][i] for i in (0, 1, 1)))}" for level, number in levels]
    source = form(whole, "джерела", "джерел", "джерел")
    return f"{words[0]} {source}" if len(words) == 1 else f"{whole} {source}: {_listed(words)}"


def _single(some: int, known: int, gaps: int) -> str:
    if some == known:
        if known == 1:
            return f"{'Решта' if gaps else 'Він'} має одне незалежне джерело."
        return f"Кожен із {'решти' if gaps else 'них'} має одне незалежне джерело."
    verb = form(some, "має", "мають", "мають")
    return f"Одне незалежне джерело {verb} {some} {'з решти' if gaps else 'з них'}."


def _with_inner_marks(words: str) -> str:
    """Double quotation marks of any tradition as those of a quotation within another."""
    found: list[str] = []
    depth = 0
    for mark in words:
        opens = mark in "„«" or (mark in '“"' and not depth)
        if opens or (mark in '“”»"' and depth):
            depth += 1 if opens else -1
            mark = "„" if opens else "“"
        found.append(mark)
    return "".join(found)


UKRAINIAN = Ukrainian(
    locale="uk",
    stances={"neutral": "Нейтральна довідка", "advocacy": "Ця довідка обстоює певну позицію"},
    memo_to="Кому",
    memo_from="Від",
    memo_cc="Копія",
    memo_date="Дата",
    memo_subject="Тема",
    headings={
        "Congressional memo": "Службова записка для Конгресу",
        "Fiscal critique": "Критичний огляд витрат",
        "Neutral summary": "Нейтральний огляд",
        "Members and staff of Congress": "члени Конгресу та працівники апарату",
        "readers who weigh the cost": "ті, хто зважує витрати",
        "general readers": "широке коло",
        "Members and staff": "Членам Конгресу та працівникам апарату",
        "Policy staff": "Аналітичний відділ",
        "Bottom line": "Головне",
        "In brief": "Стисло",
        "Status": "Стан справ",
        "What Congress would decide": "Що вирішуватиме Конгрес",
        "What the texts provide": "Що передбачають документи",
        "Money": "Кошти",
        "Figures": "Показники",
        "Positions": "Позиції",
        "Assessments and expectations": "Оцінки й очікування",
        "Open questions": "Відкриті питання",
        "Timeline": "Хронологія",
        "The cost": "Вартість",
        "The commitment": "Зобов’язання",
        "The case against": "Аргументи проти",
        "Opinions": "Думки",
        "Who decides": "Хто вирішує",
        "The strongest case on the other side": "Найсильніші аргументи іншої сторони",
        "What is said and expected": "Що кажуть і чого очікують",
        "What happened": "Що сталося",
        "Who says what": "Хто що каже",
        "What is not known": "Що невідомо",
        "What is taken as given": "Що взято за припущення",
    },
    captions={"timeline": "Хронологія", "bars": "Показники", "table": "Огляд"},
    columns={
        "date": "Дата",
        "event": "Подія",
        "named": "Показник",
        "amount": "Значення",
        "likelihood": "Імовірність",
        "source": "Джерело",
    },
    stages={
        "announced": "оголошено",
        "authorized": "дозволено",
        "appropriated": "виділено",
        "committed": "обіцяно",
        "obligated": "узято в зобов’язання",
        "disbursed": "виплачено",
    },
    drawings={"timeline": "Хронологія", "bars": "Діаграма"},
    legend={
        "day": "того дня",
        "about-day": "приблизно того дня",
        "lasts": "увесь цей час",
        "within": "упродовж цього часу або приблизно тоді",
    },
    drawn_from="Джерела:",
    asides=ASIDES["uk"],
    sources_heading="Джерела",
    levels={
        "primary": "Первинне джерело.",
        "secondary": "Вторинне джерело.",
        "tertiary": "Третинне джерело.",
    },
    reliability={
        "A": "цілком надійне",
        "B": "зазвичай надійне",
        "C": "доволі надійне",
        "D": "зазвичай ненадійне",
        "E": "ненадійне",
        "F": "надійність оцінити неможливо",
    },
    kept_at=", копія: ",
    rests_on="Спирається на",
    cited_on=("Цитовано на с. ", "Цитовано на с. "),
    evidence_heading="Підтвердження в порядку згадування",
    looked_for="Шукали в",
    against="Проти: ",
    together=("Посилання спільне з рядком ", "Посилання спільне з рядками "),
    on_pages=("Сторінка ", "Сторінки "),
    loose_words=frozenset(
        "а або але без більш в для до же за з зі із і й її їх його на над не ні о об перед під після по при про та так"
        " те того тому у це цей цього ця ці через чи що щоб як яка який якого якої яке які якщо".split()
    ),
    computed="Обчислено: ",
    workings_disputed="оспорюється",
    workings_but_see=", але дивіться",
    shows_ids=False,
    news={
        "new": "Нове:",
        "reworded": "Змінено:",
        "before": "Було:",
        "gone": "Більше не стверджується:",
        "confirmed": "Підтверджено ще одним джерелом:",
        "same words": "Як і раніше, але на іншій підставі:",
        "source": "Відомості про джерело змінено:",
    },
    noted={"new": "[нове]", "reworded": "[змінено]"},
    nothing_new="Ніщо з того, що каже ця довідка, відтоді не змінилося.",
    not_all_known="Відтоді деякі факти відкликано або замінено; чи були вони в цій довідці, не відомо.",
    redline={
        "deleted": ("[вилучено:\N{NO-BREAK SPACE}", "]"),
        "inserted": ("[додано:\N{NO-BREAK SPACE}", "]"),
    },
    mail_subject="{title} – {audience}, станом на {as_of}",
    suspect="НЕ ПЕРЕЧИТАНО ПІСЛЯ ЗМІНИ ФАКТУ",
    back_to_text="До тексту: ",
    page_of=("Сторінка", "з"),
    carried_facts="Факти цієї довідки з їхніми джерелами",
    carried_template="Шаблон цієї довідки",
    carried_contract="Що обіцяє ця довідка і чим її створено",
    carried_letterhead="Бланк установи",
    carried_before="Факти редакції, з якою порівняно цю довідку",
)
