"""Readings of departments, themes and phrases, where every word of them has one that is known.

Curated, since the analyser guesses: 企画課 is きかくか, and a name with one word that is not
listed here has no reading.
"""

import re
from collections.abc import Mapping

_WORDS = """
企画 きかく  政策 せいさく  総合 そうごう  計画 けいかく  地方創生 ちほうそうせい  創生 そうせい
まちづくり まちづくり  推進 すいしん  財政 ざいせい  財務 ざいむ  管財 かんざい  資産 しさん
契約 けいやく  人事 じんじ  職員 しょくいん  人材 じんざい  育成 いくせい  研修 けんしゅう
行革 ぎょうかく  行政 ぎょうせい  改革 かいかく  経営 けいえい  業務 ぎょうむ  改善 かいぜん
行財政 ぎょうざいせい  総務 そうむ  庶務 しょむ  秘書 ひしょ  文書 ぶんしょ  広報 こうほう
広聴 こうちょう  法務 ほうむ  法制 ほうせい  監査 かんさ  情報 じょうほう  デジタル でじたる
電算 でんさん  税務 ぜいむ  課税 かぜい  納税 のうぜい  収納 しゅうのう  税 ぜい  債権 さいけん
市民 しみん  町民 ちょうみん  村民 そんみん  区民 くみん  住民 じゅうみん  戸籍 こせき
窓口 まどぐち  生活 せいかつ  協働 きょうどう  地域 ちいき  福祉 ふくし  介護 かいご
障害 しょうがい  障がい しょうがい  高齢 こうれい  者 しゃ  長寿 ちょうじゅ  支援 しえん
子ども こども  こども こども  子供 こども  子育て こそだて  保育 ほいく  児童 じどう
健康 けんこう  保健 ほけん  医療 いりょう  保険 ほけん  年金 ねんきん  環境 かんきょう
清掃 せいそう  廃棄物 はいきぶつ  脱炭素 だつたんそ  産業 さんぎょう  商工 しょうこう
農林 のうりん  農政 のうせい  水産 すいさん  経済 けいざい  振興 しんこう  観光 かんこう
建設 けんせつ  土木 どぼく  道路 どうろ  河川 かせん  建築 けんちく  営繕 えいぜん
都市 とし  整備 せいび  デザイン でざいん  交通 こうつう  上下水道 じょうげすいどう
水道 すいどう  下水道 げすいどう  消防 しょうぼう  防災 ぼうさい  危機 きき  管理 かんり
教育 きょういく  学校 がっこう  生涯学習 しょうがいがくしゅう  図書館 としょかん  議会 ぎかい
職場 しょくば  風土 ふうど  対話 たいわ  組織 そしき  目標 もくひょう  管理職 かんりしょく
効率化 こうりつか  サービス さーびす  移住 いじゅう  定住 ていじゅう  人口 じんこう
働き方 はたらきかた  運動 うんどう  活動 かつどう  事例 じれい  発表会 はっぴょうかい
提案 ていあん  制度 せいど  見える化 みえるか  相談 そうだん  手続 てつづき  公共 こうきょう
施設 しせつ  自治体 じちたい  会計 かいけい  委員会 いいんかい  委員 いいん  事務局 じむきょく
部門 ぶもん  部局 ぶきょく
課 か  部 ぶ  局 きょく  室 しつ  係 かかり  班 はん  担当 たんとう  本部 ほんぶ
"""


def _table(words: str) -> Mapping[str, str]:
    columns = words.split()
    return dict(zip(columns[::2], columns[1::2], strict=True))


READINGS = _table(_WORDS)
"""Words of which such names are made, with how they are read."""

_LONGEST_FIRST = sorted(READINGS, key=len, reverse=True)
_WORD = re.compile("|".join(map(re.escape, _LONGEST_FIRST)))


def reading_of(name: str) -> str | None:
    """How such a name is read, or None where a word of it is not known.

    Parts of a class's label are read one after the other: 行革・行政経営.
    """
    spoken, at = "", 0
    name = name.replace("・", "")
    while at < len(name):
        found = _WORD.match(name, at)
        if found is None:
            return None
        spoken += READINGS[found.group()]
        at = found.end()
    return spoken or None
