"""Translation by gettext: source texts are Vietnamese, English stands complete in ``resources/i18n/en``."""

from __future__ import annotations

import contextlib
import gettext as _gettext
from collections.abc import Iterator
from contextvars import ContextVar

from ntm_desktop import paths

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
DEFAULT_LANGUAGE = "vi"

_current: list[_gettext.NullTranslations] = [_gettext.NullTranslations()]
_language: list[str] = [DEFAULT_LANGUAGE]
_official: ContextVar[bool] = ContextVar("_official", default=False)


def use_language(language: str) -> None:
    """Translate into ``language`` from now on; an unknown one means Vietnamese."""
    _language[0] = language if language in LANGUAGES else DEFAULT_LANGUAGE
    if _language[0] == DEFAULT_LANGUAGE:
        _current[0] = _gettext.NullTranslations()
        return
    folder = paths.resources() / "i18n"
    _current[0] = _gettext.translation("ntm", folder, languages=[language], fallback=True)


def language() -> str:
    """The language in use."""
    return _language[0]


def _(text: str) -> str:
    """The text in the person's language."""
    return _current[0].gettext(text) if text and not _official.get() else text


@contextlib.contextmanager
def in_vietnamese() -> Iterator[None]:
    """Official papers are Vietnamese whatever language the person's window has (this thread only)."""
    token = _official.set(True)
    try:
        yield
    finally:
        _official.reset(token)


def N_(text: str) -> str:
    """Mark a text for translation that is translated where it is shown."""
    return text
