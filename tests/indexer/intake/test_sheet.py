"""What the page of an intake shows: kept whole, and boxes that mean what they say."""

import json

from indexer.exchange.places import Places
from indexer.intake.desk import IntakeDesk
from indexer.intake.draft import LineKind
from indexer.intake.fields import field_of, written
from indexer.intake.sheet import sheet_of
from indexer.intake.values_shown import ShownValues
from indexer.intake_jobs import divided
from kb.catalogue.intake.sheets import Sheet
from kb.catalogue.intake.sheets import sheet_of as read_again
from kb.catalogue.stored import StoredReader
from tests.indexer.intake.drafts import EVENT, FLYER, MESSAGE, NOBEOKA, SLIDES, STATEMENT, draft


def sheet(desk: IntakeDesk) -> Sheet:
    return sheet_of(desk.take(draft()), StoredReader(desk.database).stored(), desk.gazetteer)


def test_a_sheet_is_read_as_it_was_kept(desk: IntakeDesk) -> None:
    made = sheet(desk)
    assert read_again(json.loads(json.dumps(made.plain()))) == made


def test_what_stands_in_a_box_is_read_as_what_the_page_says(desk: IntakeDesk) -> None:
    places, read = Places(desk.gazetteer), 0
    for line, view in zip(sheet(desk).lines, desk.intake("intake-1").lines, strict=True):
        kind = LineKind(line.kind)
        for field in line.fields:
            value = view.values.get(field.name)
            text = divided(kind, field.name, field.typed)
            assert written(field_of(kind, field.name), text, places) == (value or None), field
            read += bool(value)
    assert read > 40


def test_a_word_of_a_box_keeps_its_commas(desk: IntakeDesk) -> None:
    field, held = field_of(LineKind.CASE, "departments"), ["企画、財政課", "人事課"]
    shown = ShownValues(desk.take(draft()), desk.gazetteer.get)
    text = divided(LineKind.CASE, field.name, shown.typed(field, held))
    assert written(field, text, Places(desk.gazetteer)) == held


def test_a_line_tells_what_a_curator_needs(desk: IntakeDesk) -> None:
    lines = {line.key: line for line in sheet(desk).lines}
    event, slides = lines[EVENT], lines[SLIDES]
    assert [c.said for c in event.contradictions] == [("定員40名", "52名")]
    first = event.contradictions[0].quotes[0]
    assert (first.line, first.text) == (4, "【定員】40名")
    statement, day = slides.field("rights_statement"), event.field("held_on")
    assert statement is not None
    assert (statement.text, statement.quotes[0].line) == (STATEMENT, 11)
    assert day is not None
    assert (day.text, day.held) == ("2024-10-05", None)
    unsure = {key for key in (EVENT, NOBEOKA, SLIDES, MESSAGE, FLYER) if not lines[key].sure}
    assert unsure == {EVENT, NOBEOKA, SLIDES, MESSAGE, FLYER}
    assert len({line.version for line in lines.values()}) == 1
