"""Ordinary values for tests of people: the rules in force, an application, a guardian."""

from datetime import date
from uuid import UUID

from circulation.national_ids import NationalId
from registry.people.ages import AccountRules, Papers, Signer
from registry.people.application import Application, ContactGiven, FirstCard, Proxy
from registry.people.guardianship import NewGuardian, Relation

NO_UUID = UUID(int=0)
TODAY = date(2026, 3, 11)
RULES = AccountRules(date(2023, 1, 1), 18, 12, 114, frozenset(Papers), "Civil Code art. 12")
OLD_RULES = AccountRules(date(2000, 1, 1), 20, 12, 114, frozenset(Papers), "Civil Code art. 12, before 2023")
CHILD, YOUTH, ADULT = date(2016, 5, 6), date(2010, 5, 6), date(1980, 5, 6)
CONTACT = ContactGiven("臺北市通訊路2號", "02-2345-6789", "0912345678", "106")
MOTHER = NewGuardian(Relation.PARENT, Papers.NATIONAL_ID_CARD, name="林淑芬", phone="0911222333")
AUNT = Proxy("陳阿姨", Relation.RELATIVE, (Papers.HEALTH_CARD,))


def an_application(  # noqa: PLR0913 - one optional argument a field
    *,
    name: str = "周轉學",
    born: date = ADULT,
    papers: Papers = Papers.NATIONAL_ID_CARD,
    signed_by: Signer = Signer.SELF,
    branch: str = "C01",
    contact: ContactGiven = CONTACT,
    national_id: str | None = "Z199999990",
    guardian: NewGuardian | None = None,
    proxy: Proxy | None = None,
    card: FirstCard | None = None,
) -> Application:
    number = None if national_id is None else NationalId(national_id)
    return Application(name, born, papers, signed_by, branch, contact, number, guardian, proxy, card)
