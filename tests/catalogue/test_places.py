"""The page of a municipality: names over time, cases by year, and who compares with it."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from indexer.installation import Installation
from kb.catalogue import models as m
from kb.catalogue.entries import (
    Authorship,
    CaseEntry,
    DocumentEntry,
    EventEntry,
    MunicipalityEntry,
    PersonEntry,
    RoleEntry,
)
from kb.catalogue.name_changes import name_changes, past_body, past_changes, successor_codes
from kb.catalogue.place_views import MunicipalityPage, NameChange, PlaceCount
from kb.catalogue.places import MOST_NEIGHBOURS
from kb.catalogue.tables import load_former_names, load_municipalities
from kb.catalogue.tables.mergers import read_changes
from kb.catalogue.writing import CatalogueWriter, writing
from kb.domain.classification import DocumentKind, EventState
from kb.domain.rights import Audience, Rights, Terms
from kb.domain.size_class import SizeClass

AUTHOR = Authorship("編集担当", "試験")
FUKUTSU, KURUME, SAGA, TAKASHIMA = "402249", "402036", "412015", "252123"
CHIKUSHINO, KARATSU, YAME = "402176", "412023", "402109"
KITAKYUSHU, KOKURA_KITA, KOKURA_MINAMI = "401005", "401064", "401072"


def page(held: Installation, code: str, who: Audience = Audience.ANONYMOUS) -> MunicipalityPage:
    found = held.catalogue.municipality(code, who)
    assert found is not None
    return found


def case(
    id_: str, *codes: str, year: int | None = 2021, continues: str | None = None,
    event: str | None = None, specimen: bool = False,
) -> CaseEntry:  # fmt: skip
    shown = year + 1 if year else None
    return CaseEntry(
        id_, f"{id_}の事例", codes, implemented_in=year, presented_in=shown,
        continues_id=continues, event_id=event, specimen=specimen,
    )  # fmt: skip


def record(held: Installation, *cases: CaseEntry) -> CatalogueWriter:
    with writing(held.database, AUTHOR) as writer:
        for each in cases:
            writer.record_case(each)
    return writer


def told(changes: Iterable[NameChange]) -> list[tuple[str, str, list[str], str]]:
    return [(str(c.on), c.kind, [name.name for name in c.before], c.after.name) for c in changes]


def counted(places: Iterable[PlaceCount]) -> list[tuple[str, int]]:
    return [(place.municipality.name, place.cases) for place in places]


# --- names over time --------------------------------------------------------------------------


def test_a_merger_is_told_from_both_sides() -> None:
    merger = [("2005-01-24", "新設合併", ["福間町", "津屋崎町"], "福津市")]
    assert told(name_changes(FUKUTSU)) == merger
    fukuma = past_body("403628")
    assert fukuma is not None
    assert (fukuma.name, fukuma.kana, fukuma.kind) == ("福間町", "ふくままち", "town")
    assert (fukuma.abolished_on, fukuma.prefecture) == (date(2005, 1, 24), "福岡県")
    assert told(past_changes(fukuma)) == merger


def test_several_changes_stand_in_a_row() -> None:
    village = past_body("214868")
    assert village is not None
    assert village.name == "明宝村"
    steps = told(past_changes(village))
    assert steps[:2] == [
        ("1970-04-20", "名称変更", ["奥明方村"], "明方村"),
        ("1992-04-01", "名称変更", ["明方村"], "明宝村"),
    ]
    assert (steps[2][0], steps[2][3], len(steps)) == ("2004-03-01", "郡上市", 3)
    assert "明宝村" in steps[2][2]


def test_a_body_that_was_split_has_several_successors() -> None:
    village = past_body("193411")
    assert village is not None
    assert successor_codes(village) == ("192015", "194301")
    assert {after for *_, after in told(past_changes(village))} == {"甲府市", "富士河口湖町"}


def test_what_a_successor_took_in_later_is_not_told_of_a_past_body() -> None:
    shizuoka = past_body("222011")
    assert shizuoka is not None
    assert told(past_changes(shizuoka)) == [
        ("2003-04-01", "新設合併", ["清水市"], "静岡市"),
        ("2005-04-01", "政令指定都市施行", ["静岡市"], "静岡市"),
    ]


def test_only_names_with_a_page_of_their_own_lead_there() -> None:
    names = {
        (name.code, name.name): name.has_page
        for body in load_municipalities()
        for change in name_changes(str(body.code))
        for name in (*change.before, change.after)
    }
    today = {str(body.code): body.name for body in load_municipalities()}
    for (code, name), has_page in names.items():
        past = past_body(code)
        assert has_page == (name == today.get(code, past.name if past else None))
    assert names["403628", "福間町"]
    assert not names["214868", "奥明方村"]


def test_every_former_name_is_told_on_the_page_of_its_successor() -> None:
    for former in load_former_names():
        found = [
            change
            for change in name_changes(str(former.successor_code))
            if change.on == former.changed_on
            and (former.code, former.name) in [(name.code, name.name) for name in change.before]
        ]
        assert [change.after.name for change in found] == [former.became_name]


@pytest.mark.shared
def test_what_names_became_agrees_with_the_merger_facts(shared: Path) -> None:
    facts = {
        (change.on, change.kind, *change.before, *change.after)
        for change in read_changes(shared / "data" / "municipalities" / "mergers_1970_2024.csv")
    }
    for body in load_municipalities():
        for change in name_changes(str(body.code)):
            after = (change.after.code[:5], change.after.name)
            for name in change.before:
                assert (change.on, change.kind, name.code[:5], name.name, *after) in facts


# --- cases, people, documents -------------------------------------------------------------------


def test_cases_stand_under_their_practice_year(installation: Installation) -> None:
    record(
        installation, case("a", FUKUTSU, year=2020), case("b", FUKUTSU, KURUME),
        case("c", FUKUTSU, year=None), case("d", FUKUTSU), case("e", KURUME),
    )  # fmt: skip
    found = page(installation, FUKUTSU)
    assert [(group.year, [c.id for c in group.cases]) for group in found.years] == [
        (2021, ["b", "d"]), (2020, ["a"]), (None, ["c"]),
    ]  # fmt: skip
    assert [c.presented_in for c in found.cases] == [2022, 2022, 2021, None]
    assert [c.id for c in page(installation, KURUME).cases] == ["b", "e"]


def test_cases_that_continue_each_other_are_a_chain(installation: Installation) -> None:
    record(
        installation, case("a", FUKUTSU, year=2020), case("b", FUKUTSU, continues="a"),
        case("c", FUKUTSU, year=2022, continues="b"), case("alone", FUKUTSU),
    )  # fmt: skip
    (chain,) = page(installation, FUKUTSU).lineages
    assert [link.id for link in chain] == ["a", "b", "c"]


def test_a_body_that_is_no_more_shows_the_cases_of_its_successor(
    installation: Installation,
) -> None:
    record(installation, case("a", FUKUTSU))
    found = page(installation, "403628")
    assert [heir.name for heir in found.successors] == ["福津市"]
    assert [c.id for c in found.cases] == ["a"]
    assert [end.after.name for end in found.ends] == ["福津市"]
    assert installation.catalogue.municipality("409999", Audience.ANONYMOUS) is None


def test_unpublished_cases_are_for_curators(installation: Installation) -> None:
    record(installation, case("a", FUKUTSU))
    told = m.SourceEventRow(actor="試験", action="changed", subject_kind="case", subject_id="a")
    with installation.database.writing() as session:
        session.get_one(m.CaseRow, "a").published = False
        session.add(told)
    for code in (FUKUTSU, "403628"):
        assert page(installation, code).cases == ()
        assert [c.id for c in page(installation, code, Audience.CURATOR).cases] == ["a"]
    assert page(installation, KURUME).neighbours == ()


def test_people_who_spoke_for_it_are_named(installation: Installation) -> None:
    with writing(installation.database, AUTHOR) as writer:
        writer.record_event(EventEntry("ev", "催し", EventState.REPORTED, held_on=date(2022, 9, 3)))
        writer.record_case(case("a", FUKUTSU, event="ev"))
        for number, name in enumerate(("市長", "進行役", "よその市長", "職員")):
            writer.record_person(PersonEntry(f"p{number}", name))
        day = date(2022, 9, 3)
        writer.record_role(RoleEntry("p0", "福津市長", "対談", day, event_id="ev"))
        writer.record_role(RoleEntry("p1", "進行役", "進行", day, event_id="ev"))
        writer.record_role(RoleEntry("p2", "古賀市長", "対談", day, event_id="ev"))
        writer.record_role(RoleEntry("p3", "総務課長", "発表", None, case_id="a"))
    found = page(installation, FUKUTSU)
    assert [role.person_name for role in found.roles] == ["市長", "職員"]
    assert [event.id for event in found.events] == ["ev"]


def test_documents_without_a_case_are_counted_as_far_as_they_may_be_known(
    installation: Installation,
) -> None:
    def document(id_: str, terms: Terms, case_id: str | None = None) -> DocumentEntry:
        return DocumentEntry(
            id_, id_, DocumentKind.REPORT, Rights(terms), case_id=case_id,
            municipality_codes=(FUKUTSU,),
        )  # fmt: skip

    record(installation, case("a", FUKUTSU))
    with writing(installation.database, AUTHOR) as writer:
        for entry in (
            document("d1", Terms.OPEN), document("d2", Terms.INTERNAL),
            document("d3", Terms.NO_COPY), document("d4", Terms.OPEN, "a"),
        ):  # fmt: skip
            writer.record_document(entry)
    assert page(installation, FUKUTSU).documents == 2
    assert page(installation, FUKUTSU, Audience.STAFF).documents == 3


def test_a_document_that_is_surely_recognised_as_its_own_is_counted(
    installation: Installation,
) -> None:
    told = m.SourceEventRow(actor="試験", action="changed", subject_kind="document", subject_id="d")
    with writing(installation.database, AUTHOR) as writer:
        for id_ in ("sure", "unsure"):
            writer.record_document(DocumentEntry(id_, id_, DocumentKind.REPORT, Rights(Terms.OPEN)))
    with installation.database.writing() as session:
        session.add(told)
        for id_, confidence in (("sure", 0.95), ("unsure", 0.5)):
            session.get_one(m.DocumentRow, id_).recognised = {
                "municipality": {
                    "value": FUKUTSU, "confidence": confidence, "rule": "owner", "evidence": [],
                }
            }  # fmt: skip
    assert page(installation, FUKUTSU).documents == 1
    assert page(installation, KURUME).documents == 0


# --- who compares with it -----------------------------------------------------------------------


def test_neighbours_are_of_one_class_and_nearest_first(installation: Installation) -> None:
    near = [case("k1", CHIKUSHINO), case("y1", YAME), case("y2", YAME, year=2020)]
    record(
        installation, *near, case("r1", KARATSU), case("t1", TAKASHIMA),
        case("core", KURUME), case("special", SAGA), case("town", "403491"),
    )  # fmt: skip
    found = page(installation, FUKUTSU)
    assert found.municipality.size_class is SizeClass.CITY
    assert counted(found.neighbours) == [
        ("八女市", 2), ("筑紫野市", 1), ("唐津市", 1), ("高島市", 1),
    ]  # fmt: skip
    assert page(installation, KURUME).neighbours == ()


def test_there_are_no_more_neighbours_than_a_dozen(installation: Installation) -> None:
    cities = [b for b in load_municipalities() if str(b.code).startswith("402") and not b.status]
    record(installation, *(case(f"c{b.code}", str(b.code)) for b in cities))
    assert len(cities) > MOST_NEIGHBOURS + 1
    found = page(installation, FUKUTSU).neighbours
    assert len(found) == MOST_NEIGHBOURS
    assert FUKUTSU not in {place.municipality.code for place in found}


def test_a_city_names_its_wards_and_counts_them_apart(installation: Installation) -> None:
    record(installation, case("city", KITAKYUSHU), case("w1", KOKURA_KITA), case("w2", KOKURA_KITA))
    found = page(installation, KITAKYUSHU)
    assert [c.id for c in found.cases] == ["city"]
    assert (len(found.wards), found.ward_cases) == (7, 2)
    assert ("北九州市小倉北区", 2) in counted(found.wards)
    assert ("北九州市小倉南区", 0) in counted(found.wards)
    ward = page(installation, KOKURA_MINAMI)
    assert ward.parent is not None
    assert ward.parent.code == KITAKYUSHU
    assert counted(ward.neighbours) == [("北九州市小倉北区", 2)]


def test_a_prefecture_lists_its_municipalities_with_cases(installation: Installation) -> None:
    record(
        installation, case("own", "400009"), case("a", FUKUTSU), case("b", KOKURA_KITA),
        case("c", SAGA), case("d", "410004"),
    )  # fmt: skip
    found = page(installation, "400009")
    assert [c.id for c in found.cases] == ["own"]
    assert counted(found.members) == [("北九州市小倉北区", 1), ("福津市", 1)]
    assert counted(found.neighbours) == [("佐賀県", 1)]
    town = page(installation, FUKUTSU)
    assert town.members == ()
    assert (town.prefecture, found.prefecture) == (found.municipality, None)


def test_invented_and_real_bodies_never_meet(installation: Installation) -> None:
    town = MunicipalityEntry("982016", "みほん市", "みほんし", "Mihon-shi", "city", "見本県")
    other = MunicipalityEntry("982024", "みほん西市", "みほんにしし", "x", "city", "見本県")
    with writing(installation.database, AUTHOR) as writer:
        writer.record_municipality(town)
        writer.record_municipality(other)
        writer.record_case(case("invented", "982016", FUKUTSU, specimen=True))
        writer.record_case(case("other", "982024", specimen=True))
        writer.record_case(case("real", FUKUTSU))
        writer.record_case(case("near", YAME))
    real = page(installation, FUKUTSU)
    assert [c.id for c in real.cases] == ["real"]
    assert counted(real.neighbours) == [("八女市", 1)]
    invented = page(installation, "982016")
    assert [c.id for c in invented.cases] == ["invented"]
    assert counted(invented.neighbours) == [("みほん西市", 1)]
    assert invented.timeline == ()


@pytest.mark.parametrize(
    ("code", "size"),
    [
        (KITAKYUSHU, SizeClass.DESIGNATED_CITY), (KURUME, SizeClass.CORE_CITY),
        (SAGA, SizeClass.FORMER_SPECIAL_CITY), ("131148", SizeClass.SPECIAL_WARD),
        ("403491", SizeClass.TOWN), (KOKURA_KITA, SizeClass.DESIGNATED_WARD),
    ],
)  # fmt: skip
def test_the_catalogue_knows_the_class(
    installation: Installation, code: str, size: SizeClass
) -> None:
    assert page(installation, code).municipality.size_class is size
