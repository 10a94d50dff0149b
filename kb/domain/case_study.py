"""The fields of a case, named as in the Digital Agency's data model DS-451-3 (事例).

`COLUMNS` is the order and the exact spelling of the CSV that is imported and exported.
"""

from types import MappingProxyType

NARRATIVE = MappingProxyType(
    {
        "summary": "取り組みの概要",
        "reason": "取り組み理由",
        "purpose": "目的",
        "challenge": "挑戦したこと",
        "content": "取り組み内容",
        "lessons": "学んだこと",
        "outcome": "成果",
        "adoption": "導入での工夫",
        "constraints": "制約条件",
        "diffusion": "普及",
        "continuity": "持続させる仕組み",
        "evaluation": "評価の方法",
        "schemes": "利用した制度",
        "partners": "協力者",
    }
)
"""Attribute of a case -> its label; the order is the order on the page."""

SUMMARY_CHARACTERS = 300
"""The length DS-451-3 asks of 取り組みの概要."""

COLUMNS = (
    "タイトル",
    "サブタイトル",
    "事例実施年",
    "事例の場所",
    "対象組織",
    "行政サービス分類",
    "テーマ",
    "キーワード",
    *NARRATIVE.values(),
    "イメージタイトル",
    "イメージファイル",
    "イメージのライセンス",
    "ビデオタイトル",
    "ビデオURL",
    "ビデオのライセンス",
    "関連URL",
    "関連事例",
    "連絡先情報",
    "ID",
    "公開日",
    "最終更新日",
)

KEYWORD_SEPARATOR = ";"
"""A half-width semicolon, as DS-451-3 says."""
