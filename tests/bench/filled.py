"""A catalogue of many made-up cases, written in bulk: what a large installation holds.

Texts are sentences over a few thousand words, the commonest of which stand in most cases. Nothing
of it is read from files, so that a catalogue of 100,000 cases is there in half a minute.
"""

import hashlib
import random
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.session import Database
from kb.domain.classification import DepartmentFunction, Theme
from kb.domain.municipality import MunicipalityKind

BATCH = 5_000
"""Cases of one transaction."""
_WORDS = (
    "改善 職員 業務 窓口 市民 計画 事業 研修 予算 情報 地域 住民 施設 管理 "
    "効率 見直し 削減 時間 申請 手続 協働 防災 福祉 健康 環境 産業 観光 教育 "
    "学校 図書館 水道 道路 公園 税務 収納 電子 システム 導入 活用 対話 会議 "
    "資料 共有 作成 標準 手順 目標 評価 人材 育成 若手 提案 制度 表彰 発表 "
    "運動 文化 組織 風土 意識 改革 行政 経営 戦略 総合 財政 企画 広報 相談 "
    "支援 子育て 保育 高齢 介護 医療 救急 消防 避難 訓練 災害 復旧 農業 漁業 "
    "林業 商店 企業 雇用 移住 定住 空き家 交通 自転車 駐車 清掃 収集 資源 節電 "
    "温暖 河川 下水 橋梁"
)
WORDS = tuple(_WORDS.split())
_MODIFIERS = (
    "市民 総合 地域 広域 電子 合同 巡回 夜間 出張 共同 特別 基本 中央 東部 "
    "西部 南部 北部 新設 臨時 継続 公開 自主 重点 標準 緊急 学校 農村 港湾 "
    "山間 都市"
)
MODIFIERS = tuple(_MODIFIERS.split())
SHAPES = (
    "{0}の{1}を進めるため、{2}について{3}を行った。",
    "{0}では{1}に{2}がかかり、{3}が課題であった。",
    "{0}と{1}が話し合い、{2}を{3}に生かした。",
    "その結果、{0}の{1}が半分になり、{2}と{3}が喜ばれた。",
)
SENTENCES = 5
"""Of a case's narrative, and of a page."""


class Language:
    """Words from common to rare, and sentences of them."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.words = [*WORDS, *(f"{a}{b}" for a in MODIFIERS for b in WORDS)]
        self._edges = list(accumulate(1 / rank for rank in range(1, len(self.words) + 1)))

    def some(self, count: int) -> list[str]:
        """As many words, by how common they are."""
        return self.chance.choices(self.words, cum_weights=self._edges, k=count)

    def text(self) -> str:
        """A few sentences."""
        shapes = self.chance.choices(SHAPES, k=SENTENCES)
        return "".join(shape.format(*self.some(4)) for shape in shapes)


def fill(database: Database, cases: int, pages: int = 0) -> None:
    """Write `cases` cases, each with a document of `pages` pages where there are to be any."""
    language = Language(1)
    with database.reading() as session:
        codes = list(session.scalars(_towns()))
    for first in range(0, cases, BATCH):
        numbers = range(first, min(first + BATCH, cases))
        made = [_case(number, pages, codes, language) for number in numbers]
        with database.writing() as session:
            _write(session, made)


def made_id(number: int) -> str:
    """The identifier of a made-up case."""
    return f"made-{number:06d}"


def _towns() -> Any:
    town = m.MunicipalityRow
    kinds = (MunicipalityKind.CITY.value, MunicipalityKind.TOWN.value)
    return select(town.code).where(town.kind.in_(kinds), ~town.specimen).order_by(town.code)


Rows = Mapping[type[m.Base], list[dict[str, Any]]]


def _case(number: int, pages: int, codes: list[str], language: Language) -> Rows:
    """The rows of one case, by table."""
    chance, case = language.chance, made_id(number)
    year = chance.randint(2005, 2024)
    title = "{}の{}による{}".format(*language.some(3))
    found: dict[type[m.Base], list[dict[str, Any]]] = {
        m.CaseRow: [
            {
                "id": case, "title": title, "implemented_in": year, "presented_in": year + 1,
                "functions": [chance.choice(list(DepartmentFunction)).value],
                "keywords": language.some(2),
                "narrative": {"summary": language.text()},
            }
        ],
        m.CaseMunicipalityRow: [{"case_id": case, "code": chance.choice(codes), "position": 0}],
        m.CaseThemeRow: [{"case_id": case, "theme": chance.choice(list(Theme)).value}],
        m.SourceEventRow: [_told(case)],
    }  # fmt: skip
    if pages:
        found[m.DocumentRow] = [_document(case, title)]
        found[m.PageRow] = [_page(case, page + 1, language.text()) for page in range(pages)]
    return found


def _told(case: str) -> dict[str, Any]:
    return {"actor": "bench", "action": "recorded", "subject_kind": "case", "subject_id": case}


def _document(case: str, title: str) -> dict[str, Any]:
    return {
        "id": f"{case}-slides", "title": f"{title} 発表資料", "kind": "slides", "holding": "held",
        "sha256": hashlib.sha256(case.encode()).hexdigest(), "rights_terms": "open",
        "outcome": "indexed", "case_id": case,
    }  # fmt: skip


def _page(case: str, number: int, text: str) -> dict[str, Any]:
    digest = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
    return {
        "document_id": f"{case}-slides", "number": number, "text": text, "digest": digest,
        "width": 720.0, "height": 540.0,
    }  # fmt: skip


def _write(session: Session, made: list[Rows]) -> None:
    for table in dict.fromkeys(table for rows in made for table in rows):
        session.execute(insert(table), [row for rows in made for row in rows.get(table, ())])


def questions(count: int) -> Mapping[str, tuple[str, ...]]:
    """What is typed, with the filters chosen beside it, by shape."""
    language = Language(2)
    chance = language.chance

    def rare(size: int) -> list[str]:
        """Words asked for: the commonest are in every case, and nobody asks for them alone."""
        return [language.words[int(len(WORDS) * chance.random() ** 2 * 6)] for _ in range(size)]

    def each() -> Iterator[tuple[str, str, str, str, str]]:
        for _ in range(count):
            several = rare(chance.randint(3, 5))
            year, theme = chance.randint(2005, 2024), chance.choice(list(Theme)).value
            yield (
                " または ".join(several),
                " ".join(rare(2)),
                '"{}の{}"'.format(*language.some(2)),
                f"{' '.join(rare(2))}&implemented_in={year}&theme={theme}",
                "{}の{}を{}するために町が取り組んだ{}".format(*rare(4)),
            )

    shapes = ("or", "and", "phrase", "filtered", "sentence")
    return dict(zip(shapes, zip(*each(), strict=True), strict=True))
