"""Which field of a customer a column is, by the name in its header."""

import re
import unicodedata
from collections.abc import Iterable

NAMES = {
    "name": (
        *("name", "customer", "customer name", "company", "company name", "account name"),
        *("客户", "客户名", "客户名称", "公司", "公司名", "公司名称", "公司全称"),
        *("企业", "企业名", "企业名称", "单位", "单位名称", "名称"),
    ),
    "level": ("level", "customer level", "级别", "等级", "客户级别", "客户等级"),
    "person": (
        *("person", "contact", "contact name", "contact person"),
        *("联系人", "联系人姓名", "联系人名称", "联系人名字"),
    ),
    "phone": (
        *("phone", "phone number", "telephone", "tel", "mobile", "mobile number", "mobile phone"),
        *("cell phone", "contact number", "contact phone"),
        *("电话", "电话号码", "联系电话", "联系方式", "手机", "手机号", "手机号码", "联系手机"),
        *("联系人电话", "联系人手机", "移动电话"),
    ),
    "email": (
        *("email", "email address", "mail"),
        *("邮箱", "电子邮箱", "邮箱地址", "电子邮件", "联系邮箱"),
    ),
    "registrationNumber": (
        *("registration number", "registration no", "credit code", "uscc"),
        *("unified social credit code", "统一社会信用代码", "社会信用代码", "信用代码"),
        *("注册号", "工商注册号"),
    ),
}
NOTE = re.compile(r"[(\[【][^()\[\]【】]*[)\]】]")
NO_SIGN = re.compile(r"[\W_]+")


def folded(header: str) -> str:
    """Return the name without what people add: stars, spaces, notes in brackets, full width."""
    text = unicodedata.normalize("NFKC", header).casefold()
    return NO_SIGN.sub("", NOTE.sub("", text))


FIELDS = {folded(name): field for field, names in NAMES.items() for name in names}
# A note may have digits, but most rows have a number or an address.
VALUE = re.compile(r"\d{3}|@")
HEADER_AGAIN = (
    "names columns, other ones than the header: import the rows from here on as a file of their own"
)


def field_of(header: str) -> str | None:
    """Return the field by its name in the API, None if the header names none."""
    return FIELDS.get(folded(header))


def is_header(cells: Iterable[str | None]) -> bool:
    """Return whether all cells that are not blank name fields."""
    named = [each for each in cells if each]
    return not VALUE.search("".join(named)) and all(map(field_of, named))
