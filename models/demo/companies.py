"""Companies that could be somebody's customers, each with somebody to talk to. None is real."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from models.demo.company_names import BRANDS, GIVEN, SURNAMES, TRADES, City, words
from models.duplicates.names import normalise_name

MOBILE = words(
    "130 131 132 135 136 137 138 139 150 151 152 157 158 159 180 181 182 186 187 188 189"
)
LEVELS = ("A", "B", "B", "C", "C", "C", None)
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORGANIZATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Company:
    name: str
    level: str | None
    person: str
    phone: str
    email: str | None
    registration_number: str | None


class Registry:
    """Gives out companies; no two share a name, a phone, an address or a number."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.names, self.phones = set[str](), set[str]()

    def another(self, cities: Sequence[City]) -> Company:
        random = self.random
        city, brand = random.choice(cities), random.choice(BRANDS)
        name, phone = _name(random, city[0], brand[0]), _phone(random)
        if normalise_name(name) in self.names or phone in self.phones:
            return self.another(cities)
        self.names.add(normalise_name(name))
        self.phones.add(phone)
        surname = random.choice(SURNAMES)
        # .example is nobody's: no mail of the demo can ever arrive.
        email = f"{surname[1]}{phone[-4:]}@{brand[1]}-{city[1]}.example"
        return Company(
            name=name,
            level=random.choice(LEVELS),
            person=surname[0] + random.choice(GIVEN),
            phone=phone,
            email=email if random.random() < 0.6 else None,
            registration_number=_credit_code(random, city[2]) if random.random() < 0.4 else None,
        )


def _name(random: Random, city: str, brand: str) -> str:
    trade = random.choice(TRADES)
    return random.choice(
        (f"{city}{brand}{trade}", f"{city}市{brand}{trade}", f"{brand}（{city}）{trade}")
    )


def _phone(random: Random) -> str:
    # The four zeros: numbers that look right and ring at nobody's.
    return f"{random.choice(MOBILE)}0000{random.randrange(10_000):04}"


def _credit_code(random: Random, district: str) -> str:
    """A unified social credit code with both of its check digits (GB 32100-2015)."""
    body = "MA" + "".join(random.choice(SIGNS) for _ in range(6))
    total = sum(int(sign, 36) * w for sign, w in zip(body, ORGANIZATION_WEIGHTS, strict=True))
    code = f"91{district}{body}{'0123456789X0'[11 - total % 11]}"
    weighed = sum(SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(code))
    return code + SIGNS[-weighed % 31]
