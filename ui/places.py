"""The pages of the window: which there are for whom, and how one is made on its first visit."""

from __future__ import annotations

from ntm_desktop.i18n import N_, _
from ui.pages.page import Page
from ui.widgets.navigation import Place
from ui.workspace import Session

_ALL = {
    "office": Place("office", N_("Các xã"), "office"),
    "home": Place("home", N_("Tổng quan"), "home"),
    "criteria": Place("criteria", N_("Tiêu chí"), "criteria"),
    "evidence": Place("evidence", N_("Minh chứng"), "evidence"),
    "data": Place("data", N_("Số liệu"), "data"),
    "dossier": Place("dossier", N_("Hồ sơ"), "dossier"),
    "exchange": Place("exchange", N_("Trao đổi"), "exchange"),
    "settings": Place("settings", N_("Thiết lập"), "settings"),
}
_OF_ROLE = {
    "commune": ("home", "criteria", "evidence", "data", "dossier", "exchange", "settings"),
    "office": ("office", "home", "criteria", "evidence", "data", "dossier", "exchange", "settings"),
}
BELONGS_TO = {"conflicts": ("office", "home")}  # pages that the navigation does not name, below the first it does
NEEDS_ASSESSMENT = frozenset({"home", "criteria", "evidence", "data", "dossier"})


def places_of(role: str) -> tuple[Place, ...]:
    """The pages of a commune, or of an office, in the order of the navigation."""
    return tuple(Place(place.key, _(place.words), place.sign) for place in (_ALL[key] for key in _OF_ROLE[role]))


def make_page(key: str, session: Session) -> Page:
    """Make a page. Imports stand here, so that starting the program does not wait for pages nobody looks at.

    Raises:
        KeyError: there is no such page.
    """
    match key:
        case "home":
            from ui.pages.home import HomePage

            return HomePage(session)
        case "criteria":
            from ui.pages.criteria import CriteriaPage

            return CriteriaPage(session)
        case "evidence":
            from ui.pages.evidence import EvidencePage

            return EvidencePage(session)
        case "data":
            from ui.pages.data import DataPage

            return DataPage(session)
        case "dossier":
            from ui.pages.dossier import DossierPage

            return DossierPage(session)
        case "exchange":
            from ui.pages.exchange import ExchangePage

            return ExchangePage(session)
        case "office":
            from ui.pages.office import OfficePage

            return OfficePage(session)
        case "conflicts":
            from ui.pages.conflicts import ConflictsPage

            return ConflictsPage(session)
        case "settings":
            from ui.pages.settings import SettingsPage

            return SettingsPage(session)
    raise KeyError(key)
