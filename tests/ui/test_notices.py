"""Which banners stand across the screens, and in which order."""

from kiosk.view import Attract
from tests.ui.views import OFFLINE_SINCE, a_view
from texts.catalogue import Catalogue
from ui.speech import Phrase, Speech
from ui.viewmodels.notices import notices


def test_a_machine_that_needs_a_person_says_so_before_it_says_that_it_is_offline(chinese: Catalogue, english: Catalogue) -> None:
    found = notices(a_view(Attract(), offline_since=OFFLINE_SINCE, needs_staff=True), Speech(chinese, english))

    assert [notice.kind for notice in found] == ["staff", "offline"]
    assert found[0].title == Phrase("這台機器需要館員看一下", "Please tell a librarian: this machine needs attention")
