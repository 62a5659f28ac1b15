"""The forms of the library's codes as the settings have them, and in words what is wrong with them."""

from circulation.barcodes import CodeFormError, CodeForms, FormFault, read_card_forms, read_item_forms

_WORDS = {
    FormFault.SIGN: "a form has letters, digits and -./:$+_, the signs # (a digit), @ (a capital letter), ? (either), % (check digit), and {N} to repeat",
    FormFault.LENGTH: "a form has 1 to 64 characters",
    FormFault.CHECK_DIGIT: "% stands at the end, after digits only",
    FormFault.CARD_NUMBER: "a library card has 8, 14, 16 or 20 digits (or A to F), as the desk binds it",
    FormFault.MOBILE: "a mobile card's code begins with YOUYUE. and could be taken for it",
    FormFault.SHARED: "a code could be this and an item's {other}: make one of them narrower, such as by its first digit",
}


class CodeSettingError(ValueError):
    """A form in the settings is wrong. ``key`` is the setting it stands in; the message says what is wrong."""

    def __init__(self, error: CodeFormError, *, key: str) -> None:
        super().__init__(f"{error.form!r}: {_WORDS[error.fault].replace('{other}', repr(error.other))}")
        self.key = key


def code_forms(items: str, cards: str) -> CodeForms:
    """Read ``kiosk.item_codes`` and ``kiosk.card_codes``.

    Raises:
        CodeSettingError: a form is none, or two can't be told apart.

    """
    try:
        item_forms = read_item_forms(items)
    except CodeFormError as error:
        raise CodeSettingError(error, key="item_codes") from None
    try:
        return CodeForms(item_forms, read_card_forms(cards)).checked()
    except CodeFormError as error:
        raise CodeSettingError(error, key="card_codes") from None
