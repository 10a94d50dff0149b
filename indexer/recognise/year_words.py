"""The words that tell what a year is to a document: of its work, of its showing, of its plans."""

import re

PRACTICE = re.compile(
    r"(?:実践年度|事例実施年度?|実施年度|取組年度|取り組み年度|活動年度|対象年度)[\s　:：)）]*$"
)
PERIOD = re.compile(
    r"(?:(?:実施|実践|取組|取り組み|活動|試行|事業|検討)の?期間|(?:実施|取組|取り組み)時期)"
    r"[\s　:：)）]*$"
)
PRESENTED = re.compile(r"(?:発表年度|報告年度|発行年度)[\s　:：)]*$")
GATHERING = re.compile(
    "セミナー|発表会|報告会|研修会|大会|フォーラム|シンポジウム|総会|説明会|講演会"
)
OF_A_YEAR = re.compile("予算|決算|事業計画|実施計画|事業報告|実績|年次報告|年報|施政方針|評価|白書")
MEETING = re.compile(
    r"(?:議会|審議会|協議会|委員会|会議|定例会|臨時会).{0,20}(?:結果|会議録|議事|次第|審議|審査)"
    r"|会議録|議事録|議事概要|議案"
)
COUNCIL_BODY = re.compile("議案第|議決|本会議|会議録|議事録")
DONE = re.compile(
    "実施|試行|開始|始め|始ま|行っ|行い|取り組|取組|導入|見直し|検討|切り替え|実践|作成|策定|改め"
    "|調べた|記録|集計|数え"
)
PLANNED = re.compile("予定|見込|今後|目指|計画している|から全|では全|次年度|来年度|さらに")
WILL = re.compile(
    "予定|(?:行う|広げる|広げます|行います|始める|始めます|進める|進めます|目指す|取り組む|取り組みます"
    "|導入する|導入します|実施する|実施します|展開する)(?:[。・、\\s]|$)"
)
OF_WORK = re.compile(
    r"[\s　]*の?[^、。]{0,16}?(?:実践|取組|取り組み|取組み|活動|事例|試行)(?!発表会|報告会)"
)
COHORT = re.compile(r"[\s　]*の?[^、。]{0,12}?(?:研究会|塾|ゼミ|プロジェクト)")
"""Programmes run from year to year, and are named after the year of the work."""
COUNTED_BACK = re.compile("一昨年|昨年|去年|おととし")
PRESENT = re.compile("今年度|本年度|当年度")
THIS_YEAR = re.compile("この[一1１]年(?!度|生|目)")
MAY_BE_RELATIVE = re.compile("昨年|去年|おととし|[今本当]年|この[一1１]年")
RANGE_BEFORE = re.compile(
    r"(?:年度?|[)）]|[令平昭和成RHＲＨ]\s?\d{1,2}|\d{4})[\s　]*(?:[〜～~\-−–ー]|から|より)[\s　]*$"
)
RANGE_AFTER = re.compile(
    r"[\s　]*(?:[(（][^()（）]{1,9}[)）])?[\s　]*(?:[〜～~\-−–ー]|から|より)[\s　]*\S"
)
UNTIL = re.compile("[\\s　]*(?:末|末日)?まで|以前")
OWN_LINE = re.compile(r"^[\s　]*$")
SENTENCE = re.compile("[、。]")
SEVERAL_YEARS = re.compile("([2-9二三四五六])[かヵケ]?年間")
