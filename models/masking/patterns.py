"""What phone numbers and email addresses look like in a folded text, and what looks like them."""

import re

# One digit; in a mobile number also a Chinese numeral.
DIGIT = "[0-9〇零一二三四五六七八九幺]"
DASHES = r"\-\u2010-\u2015\u2212"
# Between the digits of one number: spaces, dashes, dots, brackets; in a mobile also other signs.
NARROW = rf"[\s{DASHES}.()·/]{{0,3}}"
WIDE = r"[\W_]{0,3}"
EXTENSION = (
    rf"(?:{NARROW},?{NARROW}(?:转|轉|分机|分機|extension|ext\.?|x|#)[\s:.{DASHES}]*"
    r"[0-9]{1,6}(?![0-9]))?"
)
# Of a fixed line an extension also follows a dash.
OF_A_LINE = rf"(?:[\s{DASHES}]{{1,3}}[0-9]{{1,5}}(?![0-9])|{EXTENSION})"

MOBILE = re.compile(
    r"(?:(?<![0-9])|(?<=(?<![0-9])86)|(?<=(?<![0-9])0086)|(?<=(?<![0-9])0))"
    rf"(?P<number>[1一幺]{WIDE}[3-9三四五六七八九](?:{WIDE}{DIGIT}){{9}})(?![0-9])"
    rf"(?:[{DASHES}][0-9]{{3,4}}(?![0-9{DASHES}])|{EXTENSION})",
    re.IGNORECASE,
)
LINE = re.compile(
    # Another country's, or a Chinese one as dialled from abroad.
    rf"(?:\+|(?<![0-9])00){NARROW}[1-9](?:{NARROW}[0-9]){{6,14}}(?![0-9]){EXTENSION}"
    # With an area code.
    rf"|(?<![0-9])(?<![0-9]\.)\(?0[1-9][0-9]{{1,2}}{NARROW}[1-9](?:{NARROW}[0-9]){{6,7}}"
    rf"(?![0-9]){OF_A_LINE}"
    # 400 and 800 numbers.
    rf"|(?<![0-9])[48]00(?:{NARROW}[0-9]){{7}}(?![0-9]){OF_A_LINE}"
    # Mobile numbers without anything between them.
    r"|(?<![0-9])(?:1[3-9][0-9]{9}){2,}(?![0-9])"
    # In Chinese numerals throughout.
    r"|[〇零一二三四五六七八九幺]{7,}",
    re.IGNORECASE,
)
# What is left: seven digits or more that may be a number.
RUN = re.compile(rf"\+?\(?[0-9](?:{NARROW}[0-9]){{6,}}{EXTENSION}", re.IGNORECASE)

DAY = r"(?:3[01]|[12][0-9]|0?[1-9])"
MONTH = r"(?:1[0-2]|0?[1-9])"
YEAR = r"(?:19|20)[0-9]{2}"
TIME = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
BYTE = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
NO_CONTACT = re.compile(
    # A UUID, with or without dashes.
    r"(?<![0-9a-z])[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}(?![0-9a-z])"
    # A date, perhaps with its time.
    rf"|(?<![0-9]){YEAR}[-/.年]{MONTH}[-/.月]{DAY}日?(?:[T ]{{1,2}}{TIME})?(?![0-9])"
    # An amount whose thousands are apart.
    r"|(?<![0-9,.])[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9]|,[0-9])"
    # From one day or year to another.
    rf"|(?<![0-9]){MONTH}([./]){DAY}[~{DASHES}]{MONTH}\1{DAY}(?![0-9])"
    rf"|(?<![0-9]){YEAR}[~/{DASHES}]{YEAR}(?![0-9])"
    # The address of a computer.
    rf"|(?<![0-9.])(?:{BYTE}\.){{3}}{BYTE}(?![0-9.])",
    re.IGNORECASE,
)

AT = r"\s{0,2}(?:@|[(\[{<【]\s{0,2}at\s{0,2}[)\]}>】])\s{0,2}"
LATIN_DOMAIN = r"[a-z0-9.-]{0,253}[a-z]"
ANY_DOMAIN = r"[\w-]{1,63}(?:\.[\w-]{1,63}){0,9}\.[^\W\d_]{2,}"
ADDRESS = re.compile(
    r"(?P<latin>(?<![a-z0-9])[a-z0-9][a-z0-9._%+&'~-]{0,63})"
    rf"(?:\s{{0,2}}@\s{{0,2}}(?=[a-z0-9])(?={LATIN_DOMAIN})|{AT}(?={ANY_DOMAIN}))"
    rf"|(?P<other>\w{{1,16}}(?<![a-z0-9_])){AT}(?={ANY_DOMAIN})",
    re.IGNORECASE,
)

# As `\d`, but a table finds them: others than those of the Basic Multilingual Plane only may be.
DECIMALS = "".join(filter(str.isdecimal, map(chr, range(0x10000)))) + "\U00010000-\U0010ffff"
ANY_DIGIT = DECIMALS + "①-⑨⓪⑴-⑼⒈-⒐❶-❾〇零一二三四五六七八九幺"
ANY_SIGN = r"@＠﹫(\[{<【（［｛＜"
# Where a number or an address may begin. Most texts have no such place, and one look tells it.
MAY_BEGIN = re.compile(f"[{ANY_DIGIT}{ANY_SIGN}]")
MAY_HAVE_NUMBER = re.compile(rf"[{ANY_DIGIT}](?:[^{ANY_DIGIT}]*+[{ANY_DIGIT}]){{6}}")
MAY_HAVE_ADDRESS = re.compile(
    rf"[{ANY_SIGN}](?:(?<=[@＠﹫])|\s*[aａAＡ][tｔTＴ]\s*[)\]}}>】）］｝＞])"
)
# PostgreSQL has no text with it.
BETWEEN_TEXTS = "\0"
OTHER = rf"[^\x00{ANY_DIGIT}{ANY_SIGN}]*+"
# Each of the texts has six digits at most, and no sign of an address.
FEW_DIGITS_IN_EACH = re.compile(rf"(?:(?:{OTHER}[{ANY_DIGIT}]){{0,6}}+{OTHER}(?:\x00|\Z))*+")
