"""From a department's name to what it does: 人事課 is 人事, whatever its town calls it."""

import re

from kb.domain.classification import DepartmentFunction

_ENDING = re.compile(
    r"(.+?)(?:委員会事務局|委員事務局|事務局|委員会|部門|部局|課|部|局|室|係|班|担当者?)$"
)

_STEMS: tuple[tuple[DepartmentFunction, tuple[str, ...]], ...] = (
    (DepartmentFunction.REFORM, ("行革", "行政改革", "行政経営", "経営改革", "業務改革")),
    (DepartmentFunction.REFORM, ("行財政改革", "改革推進")),
    (DepartmentFunction.POLICY, ("企画", "政策", "総合計画", "地方創生", "まちづくり推進")),
    (DepartmentFunction.POLICY, ("地域振興", "地域づくり", "協働", "市民協働", "移住", "定住")),
    (DepartmentFunction.FINANCE, ("財政", "財務", "管財", "資産", "契約")),
    (DepartmentFunction.PERSONNEL, ("人事", "職員", "人材")),
    (DepartmentFunction.GENERAL_AFFAIRS, ("総務", "庶務", "秘書", "文書", "会計", "出納")),
    (DepartmentFunction.LEGAL, ("法務", "法制")),
    (DepartmentFunction.AUDIT, ("監査",)),
    (DepartmentFunction.INFORMATION, ("情報", "デジタル", "DX", "ICT", "電算")),
    (DepartmentFunction.TAX, ("税務", "課税", "納税", "収納", "市民税", "資産税", "債権")),
    (DepartmentFunction.COUNTER, ("市民", "町民", "村民", "区民", "住民", "戸籍", "窓口")),
    (DepartmentFunction.WELFARE, ("福祉", "介護", "障害", "障がい", "高齢", "長寿", "生活支援")),
    (DepartmentFunction.CHILDREN, ("子ども", "こども", "子供", "子育て", "保育", "児童")),
    (DepartmentFunction.HEALTH, ("健康", "保健", "医療", "保険年金", "国保")),
    (DepartmentFunction.ENVIRONMENT, ("環境", "清掃", "廃棄物", "脱炭素")),
    (DepartmentFunction.INDUSTRY, ("産業", "商工", "農林", "農政", "農業", "水産", "経済")),
    (DepartmentFunction.TOURISM, ("観光",)),
    (DepartmentFunction.CONSTRUCTION, ("建設", "土木", "道路", "河川", "建築", "営繕")),
    (DepartmentFunction.CITY_PLANNING, ("都市計画", "都市整備", "都市デザイン", "交通政策")),
    (DepartmentFunction.WATER, ("上下水道", "水道", "下水")),
    (DepartmentFunction.DISASTER, ("消防", "防災", "危機管理")),
    (DepartmentFunction.EDUCATION, ("教育", "学校", "生涯学習", "図書館", "給食")),
    (DepartmentFunction.ASSEMBLY, ("議会",)),
)  # fmt: skip


def functions_of(name: str) -> tuple[DepartmentFunction, ...]:
    """What a department does, by its name; empty when the name does not say, or is none.

    The longest stem decides: 行政改革課 is 行革, not also 総務.
    """
    if (exact := DepartmentFunction.from_text(name)) is not None:
        return (exact,)
    match = _ENDING.match(name)
    if match is None:
        return ()
    body = match.group(1)
    found = [(len(stem), function) for function, stems in _STEMS for stem in stems if stem in body]
    longest = max((length for length, _ in found), default=0)
    return tuple(dict.fromkeys(function for length, function in found if length == longest))
