"""What is wrong with a request, a line per field, in plain words."""

from collections.abc import Iterable, Mapping
from typing import Any

_SENTENCES = {
    "missing": "This is needed.",
    "string_type": "This must be text.",
    "string_too_short": "This needs at least {min_length} characters.",
    "string_too_long": "This has at most {max_length} characters.",
    "string_pattern_mismatch": "This is not in the form we expect.",
    "int_type": "This must be a whole number.",
    "int_parsing": "This must be a whole number.",
    "int_from_float": "This must be a whole number.",
    "float_type": "This must be a number.",
    "float_parsing": "This must be a number.",
    "finite_number": "This must be a number.",
    "bool_type": "This must be true or false.",
    "bool_parsing": "This must be true or false.",
    "list_type": "This must be a list.",
    "dict_type": "This must be an object.",
    "model_type": "This must be an object.",
    "model_attributes_type": "This must be an object.",
    "literal_error": "This must be {expected}.",
    "enum": "This must be {expected}.",
    "greater_than_equal": "This must be {ge} or more.",
    "less_than_equal": "This must be {le} or less.",
    "greater_than": "This must be more than {gt}.",
    "less_than": "This must be less than {lt}.",
    "too_short": "This needs at least {min_length} entries.",
    "too_long": "This has at most {max_length} entries.",
    "timezone_aware": "This needs an offset, or Z for UTC.",
    "uuid_type": "This must be a UUID.",
    "uuid_parsing": "This must be a UUID.",
}


def lines(errors: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Ninja's list of what did not validate, as `{"field": …, "message": …}` for people."""
    return [{"field": _field(error["loc"]), "message": _message(error)} for error in errors]


def _field(location: Iterable[str | int]) -> str:
    """The name as the caller wrote it: `windows[0].start`; a body as a whole is `body`."""
    source, *path = location
    if source == "body":  # What follows is only our name for the body.
        path = path[1:]
    steps = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(steps).removeprefix(".") or str(source)


def _message(error: Mapping[str, Any]) -> str:
    sentence = _SENTENCES.get(error["type"])
    if sentence is None:
        return str(error["msg"]).replace("Input should", "This should")
    return sentence.format_map(error.get("ctx", {}))
