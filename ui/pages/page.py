"""What every page is: a widget with a name, told when it is shown and when to save."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QWidget

from ui.widgets.remembered import focus_in
from ui.workspace import Session


class Page(QWidget):
    """One page of the window. Subclasses build widgets in ``__init__`` and follow ``session.assessed_changed``."""

    key = ""  # «home», «criteria», «evidence», «data», «dossier», «exchange», «office», «settings»
    icon = ""  # name of a file in resources/icons

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.setObjectName(self.key)

    def title(self) -> str:
        """The page's name in navigation and heading."""
        raise NotImplementedError

    def activate(self) -> None:
        """The page comes to the front."""

    def save_now(self) -> None:
        """Hand over everything typed; called when the page is left and when the window closes."""

    def show_place(self, place: str) -> None:
        """Show a place and put the focus there: an indicator by its code, a piece of evidence by its id, or a filter.

        Filters of the criteria page: ``verdict:met`` (``not_met``, ``not_assessed``, ``not_applicable``) and
        ``missing:evidence``, ``missing:result``, ``missing:level``. A criterion is ``criterion:17``. The data
        page takes a kind of record, ``kind/record id`` and ``kind/record id/field``. Unknown: ignored.
        """

    def place(self) -> str:
        """The place to show again after the window was built anew, for example in another language."""
        return ""

    def take_mime(self, mime: QMimeData) -> bool:
        """Take files dropped anywhere in the window; True where the page has dealt with them."""
        return False

    def panes(self) -> Sequence[QWidget]:
        """The widgets that F6 steps through on this page, left to right."""
        return (self.first_focus(),)

    def reveals(self, pane: QWidget) -> bool:
        """True where :meth:`enter_pane` can go to one of :meth:`panes`: those that are seen."""
        return pane.isVisible()

    def enter_pane(self, pane: QWidget) -> None:
        """Put the focus into one of :meth:`panes`."""
        focus_in(pane)

    def first_focus(self) -> QWidget:
        """The widget that gets the focus when the page is opened by keyboard."""
        return self
