"""The closed lists a case is filed under: themes, department functions, ranks, document kinds."""

from enum import StrEnum
from typing import Self


class Classified(StrEnum):
    """A member of a closed list: its value is the slug in addresses, its label is Japanese."""

    label: str

    def __new__(cls, slug: str, label: str = "") -> "Classified":
        """Make a member from its slug and its Japanese label; look-ups give the slug alone."""
        member = str.__new__(cls, slug)
        member._value_ = slug
        member.label = label
        return member

    @classmethod
    def from_text(cls, text: str) -> Self | None:
        """The member whose slug or label is `text`, or None when the list has no such word."""
        wanted = text.strip()
        return next((m for m in cls if wanted in (m.value, m.label)), None)


class Theme(Classified):
    """What a case is about. The list is ours; cross-walks to public lists are kept with it."""

    CULTURE = "culture", "職場風土・対話"
    OBJECTIVES = "objectives", "組織目標・目標管理"
    PEOPLE = "people", "人材育成・管理職"
    PLANNING = "planning", "総合計画・経営"
    EFFICIENCY = "efficiency", "業務改善・効率化"
    DIGITAL = "digital", "DX・ICT"
    COUNTER = "counter", "窓口・市民サービス"
    COLLABORATION = "collaboration", "協働・地域づくり"
    MIGRATION = "migration", "移住定住・人口"
    FINANCE = "finance", "財政・資産"
    CRISIS = "crisis", "危機管理"
    WORKSTYLE = "workstyle", "働き方"


class DepartmentFunction(Classified):
    """What a department does, whatever its town calls it."""

    POLICY = "policy", "企画"
    FINANCE = "finance", "財政"
    PERSONNEL = "personnel", "人事"
    REFORM = "reform", "行革・行政経営"
    GENERAL_AFFAIRS = "general-affairs", "総務"
    LEGAL = "legal", "法務"
    AUDIT = "audit", "監査"
    INFORMATION = "information", "情報"
    TAX = "tax", "税務"
    COUNTER = "counter", "窓口・住民"
    WELFARE = "welfare", "福祉"
    CHILDREN = "children", "子ども"
    HEALTH = "health", "健康"
    ENVIRONMENT = "environment", "環境"
    INDUSTRY = "industry", "産業"
    TOURISM = "tourism", "観光"
    CONSTRUCTION = "construction", "建設"
    CITY_PLANNING = "city-planning", "都市計画"
    WATER = "water", "上下水道"
    DISASTER = "disaster", "消防・防災"
    EDUCATION = "education", "教育"
    ASSEMBLY = "assembly", "議会"


class Rank(Classified):
    """How high in the office someone stands; 係長 is a rank, not a department."""

    HEAD = "head", "首長"
    DEPUTY_HEAD = "deputy-head", "副首長"
    DIRECTOR = "director", "部長"
    SECTION_CHIEF = "section-chief", "課長"
    SUBSECTION_CHIEF = "subsection-chief", "係長"
    STAFF = "staff", "一般"


class DocumentKind(Classified):
    """What sort of document an original is."""

    SLIDES = "slides", "発表スライド"
    REPORT = "report", "レポート"
    STEP_UP_SHEET = "step_up_sheet", "ステップアップシート"
    MESSAGE = "message", "メッセージ"
    FLYER = "flyer", "チラシ"
    NEWSLETTER = "newsletter", "通信"
    SURVEY = "survey", "アンケート"
    CASEBOOK = "casebook", "事例集"
    ARTICLE = "article", "記事"
    WEB_PAGE = "web_page", "Webページ"
    OTHER = "other", "その他"


class EventState(Classified):
    """How far an event has come; 中止 is a state, not a deletion."""

    OPEN = "open", "募集"
    CLOSED = "closed", "終了"
    CANCELLED = "cancelled", "中止"
    REPORTED = "reported", "報告済"


class EventPart(Classified):
    """What a document was to an event, other than something shown there."""

    ANNOUNCES = "announces", "案内"
    REPORTS = "reports", "報告"
    USED = "used", "使われた様式"


class Holding(Classified):
    """Whether we keep the original, or only know where it is."""

    HELD = "held", "保有"
    LOCATED = "located", "所在のみ"


class LikenessDecision(Classified):
    """What a curator says of two documents that are alike."""

    SAME = "same", "同じ資料"
    NEW_EDITION = "new_edition", "版違い"
    DIFFERENT = "different", "別の資料"
