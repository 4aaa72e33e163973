"""Ukrainian, as the rules hear it: what is written in digits and marks as in English, words by short lists of stems."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from briefing import designations, lookalikes
from briefing.connectives import Connectives
from briefing.ears import ukrainian_figures as figures
from briefing.ears.base import Ear, Likelihood
from briefing.mentions import Mentions
from briefing.prose import without_quotations
from briefing.vocabulary import LIKELIHOOD

__all__ = ["UKRAINIAN"]


def _any_of(*lines: str) -> str:
    """Patterns on lines of words, as one."""
    return "|".join(word for line in lines for word in line.split(" / "))


# --- who says so ----------------------------------------------------------------------------------------------

_PAST = "(?:в|ла|ло|ли)"
_SAYING = _any_of(
    rf"каж(?:е|уть) / с?каза{_PAST} / с?казано / говор(?:ить|ять) / говори{_PAST} / промовля\w+ / заявля\w+",
    rf"заяви(?:ть|{_PAST}) / заявлено / стверджу\w+ / ствердж\w+ / тверд(?:ить|ять) / тверди{_PAST}",
    rf"повідомля\w+ / повідоми{_PAST} / повідомлено / оголошу\w+ / оголоси{_PAST} / наголошу\w+",
    rf"наголоси{_PAST} / підкреслю\w+ / підкресли{_PAST} / зазнача\w+ / зазначи{_PAST} / зазначено / додає",
    rf"додають / дода{_PAST} / поясню\w+ / поясни{_PAST} / вважа(?:є|ють|{_PAST}) / гада(?:є|ють|{_PAST})",
    rf"дума(?:є|ють|{_PAST}) / оціню\w+ / оціни{_PAST} / оцінено / очіку(?:є|ють|ва{_PAST})",
    rf"прогнозу(?:є|ють|ва{_PAST}) / спрогнозува{_PAST} / передбача\w+ / передбачи{_PAST} / припуска\w+",
    rf"припусти{_PAST} / сподіва\w+ / розрахову\w+ / побоюю\w+ / побоюва\w+ / обіця(?:є|ють|{_PAST})",
    rf"пообіця{_PAST} / вимага\w+ / заклика\w+ / прос(?:ить|ять) / п?о?проси{_PAST} / пропону\w+",
    rf"запропонува{_PAST} / відмовля\w+ / відмови\w+ / відкида\w+ / відкину{_PAST} / запереч\w+",
    rf"визна(?:є|ють|{_PAST}) / визнача\w+ / попереджа\w+ / попереди{_PAST} / застеріга\w+ / застері\w+",
    rf"погоджу\w+ / погоди\w+ / критику(?:є|ють|ва{_PAST}) / розкритикува{_PAST} / назива\w+ / назва{_PAST}",
    rf"опису(?:є|ють|ва{_PAST}) / описа{_PAST} / в?казу(?:є|ють) / в?указу(?:є|ють) / в?каза{_PAST}",
    rf"указа{_PAST} / свідч(?:ить|ать) / засвідч\w+ / пиш(?:е|уть) / н?а?писа{_PAST} / розповіда\w+",
    rf"розпові{_PAST} / відповіда\w+ / відпові{_PAST} / наполяга\w+ / наполя(?:г|гла|гли) / рекоменду\w+",
    rf"рад(?:ить|ять) / порадил\w+ / хоч(?:е|уть) / хоті{_PAST} / прагн\w+ / плану(?:є|ють|ва{_PAST})",
    rf"(?:має|мають|мав|мала|мали)\sнамір / підтриму\w+ / підтрима{_PAST} / засуджу\w+ / засуди{_PAST}",
    rf"віта(?:є|ють|{_PAST}) / привіта{_PAST} / обурю\w+ / скарж\w+ / пов[’'ʼ]язу(?:є|ють|ва{_PAST})",
    rf"запевня\w+ / запевни{_PAST} / звинувачу\w+ / звинувати{_PAST} / обвинувачу\w+ / довод(?:ить|ять)",
    rf"доповіда(?:є|ють|{_PAST}) / інформу\w+ / поінформува{_PAST} / переконує / переконують / натяка\w+",
    rf"нагаду\w+ / нагада{_PAST} / нарікає / приписує / приписують / у?вбача\w+ / бач(?:ить|ать) / бачи{_PAST}",
    r"сумніва\w+ / порівню\w+ / цитує / (?:доход|дійш)\w+\s(?:до\s)?висновку / роб\w+\sвисновок / вис?новує",
    r"переконан\w+ / [ву]певнен(?:ий|а|і) / на\s(?:\w+\s)?думку / на\s(?:\w+\s)?переконання / на\sпогляд",
    r"за\sсловами / зі\sслів / за\sоцінк\w+ / за\sданими / за\sпрогноз\w+ / за\sтвердженн\w+",
    r"за\sповідомленн\w+ / згідно\sзі? / виход\w+\sі?з / не\sзгод(?:ен|н\w)",
)
_SAYS_SO = re.compile(rf"(?<!\w)(?:{_SAYING})(?!\w)", re.IGNORECASE)

_NOBODY = (
    r"(?:експерт|аналітик|критик|спостерігач|посадов|джерел|фахів|опонент|прихильник|політик|оглядач|інсайдер)"
    r"\w{0,4}"
)
_SOME = r"(?:деяк\w+|багато|багатьох|чимало|більшість|більшості|окрем\w+|низка|частина|дехто|хтось|інші)"
_THINK = (
    r"(?:каж|говор|вважа|гада|дума|побоюю|сумніва|стверджу|тверд|очікую|припуска|наполяга|застеріга|зазнача|підозрю"
    r"|бояться|боїться)\w*"
)
_HEDGE = re.compile(
    r"(?<!\w)(?:нібито|начебто|неначебто|буцім(?:то)?|подейкують|за\sчутками|ходять\sчутки|прийнято\sвважати"
    r"|за\s(?:деякими|неофіційними|неперевіреними|окремими)\s\w+|(?:як\s)?повідомля(?:ється|лося)"
    r"|вважається|вважалося|очікується|як\s(?:кажуть|відомо|вважають)|на\sумовах\sанонімності"
    r"|джерел\w{0,3},?\s(?:знайом|наближен|близьк)\w+"
    rf"|на\sдумку\s(?:{_SOME}|{_NOBODY})(?!\w)"
    rf"|{_SOME}\s(?:\w+\s){{0,2}}?{_THINK}"
    rf"|(?<!\w\s){_NOBODY},?\s(?:\w+\s)?{_THINK})(?!\w)",
    re.IGNORECASE,
)

# --- how likely, and how sure ---------------------------------------------------------------------------------

_LIKELY = "(?:[йі]мовірн|вірогідн)(?:о|ий|а|е|і|ого|ої|ому|ій|у|им|ими|их|ою)"
_UNLIKELY = f"мало{_LIKELY.replace('[йі]мовірн', 'ймовірн')}"
_VERY = r"(?:дуже|вкрай|украй|надзвичайно)\s"
# ICD 203's bands, the longest phrases first.
_BANDS = (
    (rf"{_VERY}{_UNLIKELY}", (5, 20)),
    (rf"{_VERY}{_LIKELY}", (80, 95)),
    (r"(?:майже|практично)\s(?:на)?певно", (95, 99)),
    (r"майже\sнемає\sшансів|шанси\sмізерні|майже\s(?:виключено|неможливо)", (1, 5)),
    (r"шанси\s(?:приблизно\s)?рівні|рівні\sшанси|п[’'ʼ]ятдесят\sна\sп[’'ʼ]ятдесят", (45, 55)),
    (rf"{_UNLIKELY}|навряд(?:\sчи)?", (20, 45)),
    (_LIKELY, (55, 80)),
)
_OTHER_JUDGEMENTS = r"мабуть|(?:скоріше|швидше|найпевніше)\sза\sвсе|най[йі]мовірніше|найпевніше|напевно"
_JUDGEMENT = re.compile(
    rf"(?<!\w)(?:{'|'.join(words for words, _ in _BANDS)}|{_OTHER_JUDGEMENTS})(?!\w)", re.IGNORECASE
)
_NEGATED = re.compile(r"(?<!\w)не\s$", re.IGNORECASE)
_CONFIDENCE = re.compile(
    r"(?<!\w)(?:(?:низьк|помірн|середн|висок|повн|цілковит)\w{1,3}\s(?:рів\w+\s)?[ву]певнен(?:ість|ості|істю)"
    r"|[ву]певнен(?:ий|а|і),?\sщо)(?!\w)",
    re.IGNORECASE,
)

_LEVELS = (("low", "низьк"), ("moderate", "помірн"), ("moderate", "середн"), ("high", "висок"))

# --- numbers that are no amounts ------------------------------------------------------------------------------

_DESIGNATION = re.compile(
    r"(?<!\w)(?:статт\w+|ст\.|пункт\w{0,3}|пп?\.|підпункт\w{0,3}|частин(?:а|и|і|у|ою|ах)|ч\.|розділ\w{0,3}|глав\w{1,3}"
    r"|параграф\w{0,3}|додат\w{1,4}|таблиц\w{1,3}|табл\.|рис\.|абзац\w{0,3}|сторін\w{1,3}|стор\.|с\.|том\w{0,2}|т\.|випуск\w{0,2}"
    r"|вип\.|лот\w{0,2}|резолюці\w{1,3})\s*(?:№\s*)?\d[\w./–-]*(?:(?:,\s*|\s(?:і|й|та|або|чи)\s)\d[\w./–-]*)*"
    r"|№\s*\d[\w./–-]*"
    # "5-й", "118-го", "24-ті"; "Су-27", "Бюджет-2025", bounded
    r"|(?<!\w)\d+-(?:й|го|му|м|ша|та|тя|я|ої|у|ту|ті|і|х|ми|ою|е|те|тє|ма)(?!\w)"
    r"|(?<!\w)[^\W\d_]\w{0,30}(?:[-–/]\w{1,30}){0,3}[-–]\d\w*"
)
_YEAR = re.compile(
    r"(?<![\w.,])(?:1[5-9]|20)\d\d(?:\s?[–/-]\s?(?:\d{4}|\d\d))?(?:-?(?:й|го|му|х|ті))?(?![\d\u00a0,]*\d)"
    r"(?!\s(?:осіб|люд|чолов|жінок|діт|військов|солдат|бійц|громадян|мешканц|жител|працівник|місць|будинк|автом|машин"
    r"|вантажів|тонн|кілометр|км|метр|м\b|га\b|гектар|грив|грн|долар|дол\b|євро|голос|випадк|раз|годин|дн|підпис|учасник"
    r"|пацієнт|учн|студент|транспорт))",
    re.IGNORECASE,
)
_SMALL = re.compile(
    r"(?<![\w$€£₴.,])(?<!\d\s)\d{1,3}(?![\w.,]|\s?%|\s\d{3}\b|\s(?:тис|млн|млрд|трлн|мільйон|мільярд|трильйон|відсот|процент))"
)
_COUNT = re.compile(
    rf"(?<!\w)(?:{figures.UP_TO_TEN})(?![\w’'ʼ]|\s(?:тисяч|мільйон|мільярд|трильйон|відсот|процент))",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"(?<!\w)(?:ці|цих|цим|усі|всі|[ув]сіх|їхні|їхніх|останні|останніх|перші|перших|наступні|наступних|інші|інших)\s"
    rf"(?:{figures.UP_TO_TEN})(?![\w’'ʼ]|\s(?:тисяч|мільйон|мільярд|трильйон|відсот|процент))",
    re.IGNORECASE,
)
_COUNTED_PARTS = re.compile(
    rf"(?<![\w.,])(?:{figures.UP_TO_TEN}|[2-9]|1\d)"
    r"(?=\s+(?:[а-яєіїґ’]+\s+)?(?:питан|погляд|сторон|сторін|позиці|пункт|крок|шлях|причин|варіант"
    r"|частин|факт|показник|джерел|сценарі|етап|тем|розділ|висновк)[а-яєіїґ]{0,4}(?!\w))",
    re.IGNORECASE,
)

# --- words that only connect ----------------------------------------------------------------------------------

_CONNECTING = frozenset(
    "а адже але або був була були буде було в весь вже від відповідно він водночас"
    " вона вони воно все всі всього втім де далі для до додачу дивіться досі другий друга друге ж же з за"
    " загалом зате зі згодом зокрема зрештою і із інакше інша інше інший інші іншого й його її їх їхній їхня"
    " їхнє їхні коли кожен кожна кожне коротко крім лише между між на навпаки над насамперед натомість"
    " наприклад нарешті наступний наступне нині о об обидва обидві обох однак одного окрім останній остання"
    " останнє перед передусім перша перше перший перші по по-друге по-перше по-третє порівняйте"
    " порівняно потім при про проте пізніше після під підсумку разом раніше сама саме самий самі"
    " свій свого своє свої своя спершу спочатку стисло сторони боку та так така таке такий такі також там те"
    " тепер теж тим той того тобто тоді третій третя третє тут ті то тільки у усе усі усього"
    " хоч хоча хто це цей ця ці цього цим цьому частиною часом щоб що щодо є як яка яке"
    " який якого якої які якій яким яких відміну відповідь приклад".split()
)
_QUESTION_WORDS = (
    "хто|кого|кому|ким|чий|чия|чиє|чиї|чию|що|чого|чому|чим|який|яка|яке|які|якого|якої|яких|якій|якому|яким|якою|яку"
    "|котрий|котра|котре|котрі|де|куди|звідки|коли|як|скільки|навіщо|відколи|доки"
)
_CONNECTIVES = Connectives(
    connecting=_CONNECTING,
    asks_what=re.compile(
        rf"\W*(?:(?:у|в|з|із|зі|до|від|за|на|про|для|по|при|під|над|через|о|об)\s)?(?:{_QUESTION_WORDS})\b",
        re.IGNORECASE,
    ),
    judging=re.compile(
        r"(?<!\w)(?:(?:не)?правд\w*|хибн\w*|помилк\w*|помилял\w*|брех\w*|бреш\w*|збреха\w*|вигад\w*|фейк\w*|міф\w*|фальш\w*"
        r"|фальсифік\w*|спросто\w*|нісенітн\w*|маячн\w*|обман\w*)(?!\w)",
        re.IGNORECASE,
    ),
    owning_up=re.compile(
        rf"(?<!\w)(?:запереч\w*|визна(?:є|ють|{_PAST}|но)|зізна\w*)(?!\w)",
        re.IGNORECASE,
    ),
    saying=re.compile(
        r"(?<!\w)(?:не|ні|ніхто|ніщо|нічого|ніде|ніколи|жоден|жодн\w+|нема|немає|без|навряд|нібито|начебто|буцім(?:то)?"
        rf"|так\sзван\w+|т\.\sзв|{_SAYING})(?!\w)",
        re.IGNORECASE,
    ),
)

# --- names ----------------------------------------------------------------------------------------------------

# What declension adds to a noun, a name or an adjective.
_ENDINGS = (
    "ами|ями|ові|еві|єві|ого|ому|ими|ою|ею|єю|ах|ях|ам|ям|ом|ем|єм|ів|їв|их|им|ій|ої|ий|їй|а|я|о|е|є|и|і|ї|у|ю"
    "|й|ь"
)
_ENDING = re.compile(rf"(?<=\w{{3}})(?:{_ENDINGS})$", re.IGNORECASE)
# Where the end of the stem itself changes: Київ, Києва; Харків, Харкова; Кравець, Кравця.
_CHANGING = (
    (re.compile("[їє]в$", re.IGNORECASE), "[їє]в"),
    (re.compile("[іо]в$", re.IGNORECASE), "[іо]в"),
    (re.compile("(?:ець|ц)$", re.IGNORECASE), "(?:ець|ц)"),
    (re.compile("ок$", re.IGNORECASE), "(?:ок|к)"),
)


def _name_forms(name: str) -> str:
    return r"\s+".join(map(_word_forms, name.split()))


def _word_forms(word: str) -> str:
    for pattern, forms in _CHANGING:
        stem = pattern.sub("", word)
        if stem != word and len(stem) > 1:
            return f"{re.escape(stem)}{forms}(?:{_ENDINGS})?"
    stem = _ENDING.sub("", word)
    return f"{re.escape(stem)}(?:{_ENDINGS})?" if len(word) > 3 else re.escape(word)


_OPENERS = frozenset(
    "а або адже але без більшість біля в вважаючи весь вони він вона воно все всі де для до з за згідно зі із"
    " і й їх їхній його її коли кожен кожна кожне крім між на навіть над не ні о обидва обидві один одна одне"
    " окрім перед про при під після по проте також так такий така таке такі там те ті той тоді тому тут у усі"
    " усе хоча хто через це цей ця ці чи що щоб як якщо який яка яке які".split()
)


_WEEKDAYS = ("понеділ", "вівтор", "серед", "четвер", "п’ятниц", "субот", "неділ")
_WEEKDAY = re.compile(
    r"(?<!\w)(?:понеділ(?:ок|ка)|вівтор(?:ок|ка)|серед(?:а|у|и)|четвер(?:га)?|п’ятниц[яюі]|субот[аиу]|неділ[яюі])(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Ukrainian(Ear):
    def mentions(self, text: str) -> Mentions:
        return figures.mentions(text)

    def known(self, texts: Iterable[str]) -> Mentions:
        return figures.known(texts)

    def qualifier(self, before: str) -> str:
        return figures.SPOKEN.get(figures.qualifier(before), "")

    def full_dates(self, text: str) -> Iterator[tuple[str, tuple[int, int, int]]]:
        return figures.full_dates(text)

    def months(self, text: str) -> Iterator[tuple[str, tuple[int, int]]]:
        return iter(())  # in too many cases to be told from adjectives

    def weekdays(self, text: str) -> Iterator[tuple[str, int, int]]:
        for found in _WEEKDAY.finditer(text):
            number = next(n for n, stem in enumerate(_WEEKDAYS) if found[0].casefold().startswith(stem))
            yield found[0], number, found.end()

    def plain(self, text: str) -> str:
        return lookalikes.plain_but_letters(text)

    def without_designations(self, text: str) -> str:
        return _DESIGNATION.sub(" ", designations.without_designations(text))

    def without_years(self, text: str) -> str:
        return _YEAR.sub(" ", text)

    def without_references(self, text: str) -> str:
        return _REFERENCE.sub(" ", text)

    def without_counted_parts(self, text: str) -> str:
        return _COUNTED_PARTS.sub(" ", text)

    def without_counts(self, text: str) -> str:
        return _COUNT.sub(" ", text)

    def without_small_numbers(self, text: str) -> str:
        return _SMALL.sub(" ", text)

    def says_so(self, text: str) -> bool:
        return _SAYS_SO.search(text) is not None

    def hedges(self, text: str) -> list[str]:
        return [found[0] for found in _HEDGE.finditer(_unquoted(text))]

    def judgement_words(self, text: str) -> list[str]:
        return [found[0] for found in _JUDGEMENT.finditer(_unquoted(text))]

    def degree(self, word: str) -> str:
        band = LIKELIHOOD[word][1:] if word in LIKELIHOOD else _band(word)
        return f"{band[0]}–{band[1]}" if band else " ".join(word.casefold().split())

    def confidence_words(self, text: str) -> list[str]:
        return [found[0] for found in _CONFIDENCE.finditer(_unquoted(text))]

    def confidence_levels(self, text: str) -> list[str]:
        said = " ".join(self.confidence_words(text)).casefold()
        return [level for level, stem in _LEVELS if stem in said]

    def likelihoods(self, text: str) -> Iterator[Likelihood]:
        for found in _JUDGEMENT.finditer(text):
            band = _band(found[0])
            if band:
                negated = _NEGATED.search(text[max(0, found.start() - 10) : found.start()]) is not None
                yield Likelihood(found[0], band, negated)

    def states(self, text: str, *, among_names: bool = False) -> bool:
        return False  # verbs of headings are not told apart from participles

    def knows(self, word: str, known: Collection[str]) -> bool:
        """Whether one begins with the stem of the other: "Україна" and "український", too."""
        stem = _stem(word)
        return any(
            other == stem
            or (min(len(other), len(stem)) > 3 and (other.startswith(stem) or stem.startswith(other)))
            for other in map(_stem, known)
        )

    def opens(self, word: str) -> bool:
        return word.casefold() in _OPENERS

    def acts(self, word: str, behind: str) -> bool:
        return False  # nouns have no article that could be missing


def _unquoted(text: str) -> str:
    return " ".join(without_quotations(text).split())


def _band(words: str) -> tuple[int, int] | None:
    return next((band for forms, band in _BANDS if re.fullmatch(forms, words, re.IGNORECASE)), None)


def _stem(word: str) -> str:
    word = _ENDING.sub("", word.casefold())
    for pattern, forms in _CHANGING[:3]:
        stem = pattern.sub("", word)
        if stem != word and len(stem) > 1:
            return stem + forms
    return word


# What a greeting, the closing of a letter and the subject of a mail are made of.
_COURTESIES = frozenset(
    "шановний шановна шановні пан пане пані панове колего колеги друзі добрий доброго день дня ранку вечора"
    " вітаємо вітаю усі всі усім всім члени членам депутати депутатам читачі читачам ваш ваша ваші наш наша наші"
    " вам нам нас мене з із зі до на в у і й та або від для про за по повагою щиро щирою найкращими побажаннями"
    " дякуємо дякую увагу офіс відділ комітет група команда рада директор аналітик редактор прес служба політики"
    " аналізу кімната поверх вулиця вул будинок буд телефон тел моб факс пошта ел сайт пишіть телефонуйте"
    " звертайтеся питання питань запитання зауваження виправлення нова нове новий оновлена оновлене оновлення"
    " редакція версія виправлена щоденна щотижнева щомісячна довідка записка огляд звіт додано станом сьогодні"
    " тиждень місяць".split()
)

UKRAINIAN = Ukrainian(
    locale="uk",
    unheard=frozenset({"template-max-grade"}),
    limits=(
        "hedges and verbs of saying are known by short lists, and the loaded words are those of"
        " templates/loaded-words.yaml alone"
    ),
    connectives=_CONNECTIVES,
    courtesies=_COURTESIES,
    headings=frozenset("джерела джерело джерел джерелах доказ докази доказів підтвердження".split()),
    beside_headings=frozenset(
        "а в використані використання всі для до згадування і й наші перелік порядку список та у усі цитовані".split()
    ),
    name_forms=_name_forms,
    quotes_names=True,
    comparing=re.compile(
        r"(?<!\w)(?:разом|усього|всього|загалом|сукупн\w+|сум(?:а|и|і|у|ою)|плюс|більше?\s(?:ніж|як|за|від)|менше?\s(?:ніж|як|за|від)"
        r"|перевищ\w+|порівнян\w+|зрос\w+|збільш\w+|зменш\w+|впа\w+|упа\w+|скорот\w+|різниц\w+|нестач\w+|решт\w+|[ув]двічі"
        r"|[ув]тричі|половин\w+|разів)(?!\w)",
        re.IGNORECASE,
    ),
    past=re.compile(
        r"\s+(?:очікува|прогнозува|сподіва|передбача|передбачи|вважа|гада|сказа|каза|заяви|оцінюва|оціни|розраховува|бачи"
        rf"|дума){_PAST}(?:ся|сь)?(?!\w)"
    ),
    speaks=re.compile(
        rf"(?<!\w)X\s(?:також\s)?(?:сказа|каза|заяви|зазнача|зазначи|дода|повідоми|стверджува|наголоси|вважа){_PAST}(?!\w)"
        r"|(?<!\w)X\s(?:каже|заявляє|зазначає|додає|повідомляє|стверджує|наголошує|вважає)(?!\w)"
        rf"|(?<!\w)(?:сказа|каза|заяви|зазначи|дода|повідоми|наголоси){_PAST}\sX(?!\w)"
    ),
    said_that=re.compile(
        rf"(?<!\w)(?:сказа{_PAST}|заяви{_PAST}|зазначи{_PAST}|наголоси{_PAST}|каже|заявляє|стверджу(?:є|ва{_PAST})),\sщо(?!\w)"
    ),
    bare_hedge=re.compile(r"\bX\s+(нібито|начебто|буцім(?:то)?)(?!\w)"),
    little=frozenset(
        "а або але був була було були в вже від для до ж же з за зі і із й його її їх на не о об перед по при"
        " про під після та так те ті то у це цей ця ці через що щоб як який яка яке які є".split()
    ),
    ending=re.compile(rf"(?<=\w{{3}})(?:{_ENDINGS})\b"),
)
