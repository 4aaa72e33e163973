"""Currencies in prose: signs, names and ISO 4217 codes → a unit that can be compared."""

from __future__ import annotations

import re
from functools import cache

__all__ = ["CODES", "NAME", "SIGN", "SIGN_ENDS", "alike", "currency", "is_currency"]

CODES = frozenset(
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD"
    " CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD"
    " GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD"
    " KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK"
    " NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD"
    " SSP STN SYP SZL THB TJS TMT TND TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF"
    " XPF YER ZAR ZMW ZWG BTC".split()
)
_SIGNS = {
    "$": "USD",
    "US$": "USD",
    "CA$": "CAD",
    "C$": "CAD",
    "A$": "AUD",
    "AU$": "AUD",
    "NZ$": "NZD",
    "HK$": "HKD",
    "NT$": "TWD",
    "S$": "SGD",
    "EC$": "XCD",
    "R$": "BRL",
    "MX$": "MXN",
    "€": "EUR",
    "£": "GBP",
    "₴": "UAH",
    "¥": "¥",
    "￥": "¥",
    "CN¥": "CNY",
    "₽": "RUB",
    "₹": "INR",
    "₩": "KRW",
    "₪": "ILS",
    "₺": "TRY",
    "₫": "VND",
    "₦": "NGN",
    "₱": "PHP",
    "₸": "KZT",
    "₾": "GEL",
    "₼": "AZN",
    "฿": "THB",
    "₿": "BTC",
}
SIGN = "(?:" + "|".join(sorted(map(re.escape, _SIGNS), key=len, reverse=True)) + ")"
SIGN_ENDS = "".join(sorted({sign[-1] for sign in _SIGNS}))
_DOLLARS = {
    "canadian": "CAD",
    "australian": "AUD",
    "hong": "HKD",
    "singapore": "SGD",
    "taiwan": "TWD",
    "new": "NZD",
}
_NAMES = {
    "dollar": "USD",
    "buck": "USD",
    "euro": "EUR",
    "pound": "pound",
    "sterling": "GBP",
    "quid": "GBP",
    "hryvnia": "UAH",
    "yen": "JPY",
    "yuan": "CNY",
    "renminbi": "CNY",
    "ruble": "ruble",
    "rouble": "ruble",
    "rupee": "rupee",
    "peso": "peso",
    "franc": "franc",
    "krone": "krone",
    "kroner": "krone",
    "krona": "krona",
    "kronor": "krona",
    "koruna": "CZK",
    "zloty": "PLN",
    "złoty": "PLN",
    "zlotys": "PLN",
    "forint": "HUF",
    "lira": "TRY",
    "shekel": "ILS",
    "dinar": "dinar",
    "dirham": "dirham",
    "riyal": "riyal",
    "rial": "rial",
    "baht": "THB",
    "rupiah": "IDR",
    "ringgit": "MYR",
    "naira": "NGN",
    "cedi": "GHS",
    "birr": "ETB",
    "tenge": "KZT",
    "lari": "GEL",
    "manat": "AZN",
    "shilling": "shilling",
    "taka": "BDT",
    "bitcoin": "BTC",
    # Words as well, so they count only behind a million and the like: "five won seats", "three real reasons".
    "won": "KRW",
    "real": "BRL",
    "reais": "BRL",
    "rand": "ZAR",
    "dong": "VND",
    "leu": "RON",
    "lei": "RON",
    "lev": "BGN",
    "leva": "BGN",
    "dram": "AMD",
}
_ALSO_WORDS = frozenset("buck won real reais rand dong leu lei lev leva dram".split())
NAME = "(?:" + "|".join(sorted(map(re.escape, _NAMES), key=len, reverse=True)) + ")"

# A name or sign that several countries use is any of theirs.
_SHARED = {
    "pound": "GBP EGP LBP SYP SDG SSP",
    "ruble": "RUB BYN",
    "rupee": "INR PKR LKR NPR MUR SCR",
    "peso": "MXN ARS CLP COP PHP UYU DOP CUP",
    "franc": "CHF XAF XOF XPF RWF BIF CDF GNF DJF KMF",
    "krone": "NOK DKK",
    "krona": "SEK ISK",
    "dinar": "IQD KWD JOD RSD TND DZD BHD LYD MKD",
    "dirham": "AED MAD",
    "riyal": "SAR QAR",
    "rial": "IRR OMR YER QAR",
    "shilling": "KES UGX TZS SOS",
    "¥": "JPY CNY",
}
_ALIKE: dict[str, frozenset[str]] = {}
for _name, _codes in _SHARED.items():
    _ALIKE[_name] = _ALIKE.get(_name, frozenset()) | {_name, *_codes.split()}
    for _code in _codes.split():
        _ALIKE[_code] = _ALIKE.get(_code, frozenset()) | {_code, _name}


def alike(unit: str) -> frozenset[str]:
    """The units that may be the same as this one: a peso is MXN, or ARS."""
    return _ALIKE.get(unit) or frozenset({unit})


def currency(word: str, adjective: str = "", *, scaled: bool = True) -> str:
    """The unit of a sign, code or name, or nothing; `adjective` stands before the name (Canadian dollars)."""
    if word in _SIGNS:
        return _SIGNS[word]
    if word in CODES:
        return word
    name = word.casefold()
    name = name if name in _NAMES else name.removesuffix("s")
    if name in _ALSO_WORDS and not scaled:
        return ""
    if name == "dollar" and adjective:
        return _DOLLARS.get(adjective.split()[0].casefold(), "USD")
    return _NAMES.get(name, "")


@cache
def is_currency(unit: str) -> bool:
    """Whether the unit is an ISO 4217 code."""
    if len(unit) != 3 or not unit.isupper():
        return False
    from babel.numbers import is_currency as known  # imported here: costs 35 ms

    return known(unit)
