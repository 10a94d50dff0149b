"""`kb synonyms`: lists in and out, and what they do to answers without indexing anew."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from indexer import taking_in
from indexer.cli.opening import WRONG_USE
from indexer.cli.synonyms import COMMANDS
from indexer.cli.usage import Group
from indexer.ingest import Intake
from indexer.installation import Installation
from indexer.synonym_lists import as_csv, read_list
from kb.catalogue.synonyms.store import SynonymStore
from kb.domain.rights import Audience
from kb.domain.synonyms import BadSynonyms, Relation, SynonymEntry, SynonymGroup
from kb.search.naming import name_key
from kb.search.query import Asked
from kb.search.readers.synonyms import shipped_groups
from kb.search.rehearsal import Proposed, ToAsk, effect_of
from kb.search.service import open_service
from tests.conftest import ROOT

KB = Group("kb", commands={str(command.name): command for command in COMMANDS})
SUDACHI = """
000001,1,0,1,0,0,0,(),曖昧,,
000001,1,0,1,0,0,2,(),あいまい,,
000001,1,1,2,0,0,0,(),微妙,,
000001,1,2,3,0,0,0,(),捨て語,,

000002,1,0,1,0,0,0,(),職員,,
000002,1,0,2,0,0,0,(),銀行員,,
000002,1,0,3,0,0,0,(),行員,,

000003,1,0,1,0,0,0,(),職員,,
000003,1,0,2,0,0,0,(),公務員,,
"""


def kb(installation: Installation, *arguments: str) -> Result:
    environment = {"KB_DATA_DIR": str(installation.data_dir)}
    return CliRunner(env=environment).invoke(KB, ["synonyms", *arguments])


def store(installation: Installation) -> SynonymStore:
    return SynonymStore(installation.database, shipped_groups(), name_key)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "町.csv"
    path.write_text(
        "kind,head,words,state,key\n同じ,,のびのび課;企画課,,\nnarrower,三役,町長；副町長,on,\n"
        "same,,窓口;受付,off,\n",
        "utf-8-sig",
    )
    return path


def test_a_list_is_planned_taken_in_shown_and_taken_back(
    installation: Installation, file: Path
) -> None:
    dry = kb(installation, "import", str(file), "--dry-run")
    assert dry.exit_code == 0
    assert "追加2組、変更1組" in dry.output
    assert "[使わない]" in dry.output
    assert kb(installation, "list", "のびのび課").output.startswith("0組")
    assert kb(installation, "import", str(file)).exit_code == 0
    assert "のびのび課、企画課" in kb(installation, "list", "企画課").output
    assert (
        "追加0組、変更0組、もとに戻す0組、同じ3組" in kb(installation, "import", str(file)).output
    )
    assert "消しました" in kb(installation, "remove", "narrower:三役").output
    assert "もとに戻しました" in kb(installation, "restore", "same:窓口").output
    left = [entry for entry in store(installation).entries() if entry.origin != "shipped"]
    assert [entry.key for entry in left] == ["same:のびのび課"]


def test_what_is_exported_is_read_back_and_changes_nothing(
    installation: Installation, file: Path, tmp_path: Path
) -> None:
    kb(installation, "import", str(file))
    out = tmp_path / "出力.csv"
    assert kb(installation, "export", "--output", str(out)).exit_code == 0
    assert set(read_list(out.read_bytes()).entries) == set(store(installation).entries())
    plan = store(installation).planned(read_list(out.read_bytes()).entries)
    assert plan.empty
    own = kb(installation, "export", "--own").stdout_bytes
    assert len(read_list(own).entries) == 3


def test_a_shipped_group_is_as_shipped_again_when_the_list_says_so(
    installation: Installation, file: Path
) -> None:
    before = as_csv(store(installation).entries()).encode()
    kb(installation, "import", str(file))
    assert store(installation).planned(read_list(before).entries).restored == ("same:窓口",)


WORDS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters=";；、\u2028\u2029"),
    min_size=1,
    max_size=8,
).filter(lambda word: word == word.strip() and "\ufeff" not in word)


@given(
    st.lists(
        st.builds(
            lambda words, active: (tuple(words), active),
            st.lists(WORDS, min_size=2, max_size=4, unique=True),
            st.booleans(),
        ),
        max_size=4,
    )
)
def test_any_groups_survive_being_written_and_read(
    made: list[tuple[tuple[str, ...], bool]],
) -> None:
    entries = {}
    for words, active in made:
        group = SynonymGroup(Relation.SAME, words)
        entries[group.key] = SynonymEntry(group.key, group, active)
    assert read_list(as_csv(entries.values()).encode("utf-8-sig")).entries == tuple(
        entries.values()
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"kind,word\nsame,a;b\n", "1行目に列名 words"),
        ("kind,words\nsame,a;b\n似た,a;b\n".encode(), "3行目: 種類「似た」"),
        (b"kind,words\nsame,a\n", "2行目: 語が足りません"),
        (b"kind,words,state\nsame,a;b,maybe\n", "2行目: 状態「maybe」"),
        (b"kind,words\nsame,a;b\nsame,a;c\n", "3行目: 「same:a」は前の行にもあります"),
        (b'kind,words\nsame,"a;b\n', "CSVとして読めません"),
        (b"PK\x03\x04", "Excelのブック"),
        (b"", "列名"),
    ],
)
def test_a_faulty_list_is_refused_with_its_line(content: bytes, said: str) -> None:
    with pytest.raises(BadSynonyms, match=said):
        read_list(content)


def test_a_faulty_file_records_nothing(installation: Installation, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("kind,words\nsame,甲;乙\nsame,丙\n", "utf-8")
    result = kb(installation, "import", str(path))
    assert (result.exit_code, "3行目" in result.output) == (WRONG_USE, True)
    assert kb(installation, "list", "甲").output.startswith("0組")
    assert kb(installation, "import", str(tmp_path / "none.csv")).exit_code == WRONG_USE
    assert kb(installation, "remove", "ない語").exit_code == WRONG_USE
    assert "どれかを指定" in kb(installation, "remove", "公民連携").output


def test_a_list_is_refused_for_what_the_pages_refuse(
    installation: Installation, tmp_path: Path
) -> None:
    path = tmp_path / "x.csv"
    for line, said in (
        ("same,,窓口;まるまる語", "別の「同じ意味の語」の組にもあります"),
        ("same,,橋;ばし", "「橋」は1文字です"),
        ("narrower,市長,首長", "ひと回りします"),
    ):
        path.write_text(f"kind,head,words,key\n{line},own:1\n", "utf-8")
        result = kb(installation, "import", str(path))
        assert (result.exit_code, said in result.output) == (WRONG_USE, True), result.output


def test_sudachi_words_of_several_meanings_need_the_flag() -> None:
    sure = read_list(SUDACHI.encode())
    assert [entry.group.words for entry in sure.entries] == [
        ("曖昧", "あいまい"), ("銀行員", "行員"),
    ]  # fmt: skip
    assert sure.ambiguous == 3
    every = read_list(SUDACHI.encode(), ambiguous=True)
    assert [entry.group.words for entry in every.entries] == [
        ("曖昧", "あいまい", "微妙"), ("職員", "銀行員", "行員"), ("職員", "公務員"),
    ]  # fmt: skip
    assert {entry.origin for entry in every.entries} == {"sudachi"}


@pytest.mark.shared
def test_the_sudachi_file_is_read_without_its_noise(shared: Path) -> None:
    content = (shared / "data" / "synonyms" / "sudachi-synonyms.txt").read_bytes()
    sure = read_list(content)
    words = [word for entry in sure.entries for word in entry.group.words]
    assert len(sure.entries) > 10_000
    assert len(words) == len(set(words))
    assert not {"職員", "AI"} & set(words)
    assert read_list(as_csv(sure.entries).encode()).entries == sure.entries
    assert len(read_list(content, ambiguous=True).entries) > len(sure.entries)


def test_groups_count_at_the_next_question_and_can_be_rehearsed(
    installation: Installation, tmp_path: Path
) -> None:
    corpus = ROOT / "corpus"
    list(taking_in.files(installation, [corpus], Intake(), workers=1).results)
    installation.reindexer.sync()
    chosen = installation.database, installation.search_url
    service = open_service(*chosen, data_dir=installation.data_dir)
    assert service.search(Asked("ふわふわ語")).total == 0
    group = SynonymGroup(Relation.ABBREVIATION, ("ふわふわ語", "組織目標"))
    plan = store(installation).planned([SynonymEntry(group.key, group)])
    proposed = Proposed(store(installation).after(plan))
    then = open_service(*chosen, data_dir=installation.data_dir, synonyms=proposed)
    gains, same = (
        effect_of(ToAsk(question), service, then, Audience.ANONYMOUS)
        for question in ("ふわふわ語", "福津市")
    )
    assert gains.gained
    assert not gains.lost
    assert (same.gained, same.lost) == ((), ())
    list_ = tmp_path / "組.csv"
    list_.write_text(as_csv(plan.added), "utf-8")
    questions = tmp_path / "質問.txt"
    questions.write_text("ふわふわ語\n自治体:ない町\n", "utf-8")
    taken = kb(installation, "import", str(list_), "--questions", str(questions))
    assert f"ふわふわ語: 増える{len(gains.gained)}件、減る0件" in taken.output
    assert "登録がありません" in taken.output
    page = service.search(Asked("ふわふわ語"))
    assert page.total == len(gains.gained)
    assert [(chip.kind, chip.searched) for chip in page.understood] == [("synonym", ("組織目標",))]
