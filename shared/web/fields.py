"""What is wrong with a field, by pydantic's kinds of error, in both languages; never the value that was sent."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from pydantic import ValidationError


class Said(NamedTuple):
    """One sentence in both languages; braces are filled with the bounds that were crossed."""

    vi: str
    en: str


_INTEGER: Final = Said("Phải là số nguyên.", "Must be a whole number.")
_BOOLEAN: Final = Said("Phải là true hoặc false.", "Must be true or false.")
_DAY: Final = Said('Phải là ngày viết dạng "2023-01-31".', 'Must be a day written like "2023-01-31".')
_INSTANT: Final = Said(
    'Phải là thời điểm có múi giờ, viết dạng "2023-01-06T09:00:00+07:00".',
    'Must be an instant with its zone, written like "2023-01-06T09:00:00+07:00".',
)
_CHOICE: Final = Said("Phải là một trong các giá trị: {expected}.", "Must be one of: {expected}.")
_LIST: Final = Said("Phải là danh sách.", "Must be a list.")
_OBJECT: Final = Said("Phải là đối tượng JSON.", "Must be a JSON object.")
_OTHER: Final = Said("Giá trị không hợp lệ.", "Is not a valid value.")

KINDS: Final[Mapping[str, Said]] = {
    "missing": Said("Thiếu trường này.", "Is missing."),
    "extra_forbidden": Said("Không có trường nào tên như vậy.", "No field has this name."),
    "string_type": Said("Phải là chuỗi ký tự.", "Must be text."),
    "string_unicode": Said("Phải là chuỗi Unicode hợp lệ.", "Must be valid Unicode."),
    "string_too_long": Said("Dài quá {max_length} ký tự.", "Is longer than {max_length} characters."),
    "string_too_short": Said("Phải có ít nhất {min_length} ký tự.", "Must have at least {min_length} characters."),
    "string_pattern_mismatch": Said("Không đúng dạng quy định.", "Does not have the form that is asked for."),
    "control_character": Said("Có ký tự điều khiển {character}.", "Holds the control character {character}."),
    "unprintable_character": Said(
        "Ký tự thứ {position} ({character}) không in được bằng phông chữ của văn bản: bỏ hoặc thay ký tự đó.",
        "Character {position} ({character}) is not in the font of official papers: take it out or write another.",
    ),
    "blank": Said("Chỉ có khoảng trắng.", "Holds nothing but blanks."),
    "enum": _CHOICE,
    "literal_error": _CHOICE,
    "int_type": _INTEGER,
    "int_parsing": _INTEGER,
    "int_parsing_size": _INTEGER,
    "int_from_float": _INTEGER,
    "greater_than_equal": Said("Không được nhỏ hơn {ge}.", "Must not be less than {ge}."),
    "less_than_equal": Said("Không được lớn hơn {le}.", "Must not be more than {le}."),
    "bool_type": _BOOLEAN,
    "bool_parsing": _BOOLEAN,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "datetime_type": _INSTANT,
    "datetime_parsing": _INSTANT,
    "datetime_from_date_parsing": _INSTANT,
    "datetime_object_invalid": _INSTANT,
    "timezone_aware": _INSTANT,
    "years_outside": Said("Phải nằm trong các năm {first} đến {last}.", "Must lie in the years {first} to {last}."),
    "list_type": _LIST,
    "tuple_type": _LIST,
    "too_long": Said("Không được quá {max_length} mục.", "Must have at most {max_length} items."),
    "too_short": Said("Phải có ít nhất {min_length} mục.", "Must have at least {min_length} items."),
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
}


def wrong_fields(error: ValidationError) -> list[dict[str, Any]]:
    """Each field that is wrong with its path, the kind of error, and what that means."""
    return [wrong_field(each, each["loc"]) for each in error.errors(include_input=False, include_url=False)]


def wrong_parameters(problems: Sequence[Any]) -> list[dict[str, Any]]:
    """The same of FastAPI's list, whose paths begin with the place: a query's `after` is called `after`."""
    return [wrong_field(each, each["loc"][1:]) for each in problems]


def wrong_field(problem: Mapping[str, Any], path: Sequence[str | int]) -> dict[str, Any]:
    """One of them, at `path`."""
    kind = problem["type"]
    said = KINDS.get(kind, _OTHER)
    bounds = problem.get("ctx", {})
    return {
        "field": ".".join(map(str, path)),
        "code": kind,
        "messages": {"vi": said.vi.format_map(_vietnamese(bounds)), "en": said.en.format_map(bounds)},
    }


def _vietnamese(bounds: Mapping[str, Any]) -> dict[str, Any]:
    """Bounds as a Vietnamese sentence names them: pydantic lists choices with an English `or`."""
    return {name: value.replace(" or ", " hoặc ") if isinstance(value, str) else value for name, value in bounds.items()}
