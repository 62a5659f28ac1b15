"""What a visit prints, and what the screen says of it."""

from circulation.checkins import Destination
from drivers.ports import Raster
from kiosk.view import ReturnLine
from tests.contract.heard import LIMIT_S
from tests.ui.paper_world import CHINESE_FIRST, a_visit, lent
from ui.gallery.examples import a_place
from ui.paper.raster import Roll, raster_of
from ui.paper.slips import loan_slip
from ui.viewmodels.kiosk import KioskViewModel

WEBSITE = "tpml.gov.taipei"
VISIT = a_visit(lent(1), lent(2, "小王子"))
FAR = ReturnLine(1, "小王子", "30234000517861", Destination.OTHER_BRANCH, "L12")
WAIT_MS = round(LIMIT_S * 1000)


def dots() -> Raster:
    return raster_of(loan_slip(VISIT, a_place(), CHINESE_FIRST, WEBSITE), Roll.MM80)


def said(view_model: KioskViewModel) -> str:
    return str(view_model.slip_printing.property("said"))
