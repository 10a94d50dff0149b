"""Characters that are one letter to a reader and several to a computer.

Three tables, all one character to one character, applied to pages and queries alike:
old and variant kanji to the form in common use, the CJK radicals that NFKC leaves
alone, and dashes. Stored text is never changed by them.
"""

from types import MappingProxyType

_OLD_AND_NEW = """
亞亜 惡悪 壓圧 圍囲 爲為 醫医 壹壱 稻稲 飮飲 隱隠 營営 榮栄 衞衛 驛駅 圓円 鹽塩 奧奥 應応 橫横 歐欧
毆殴 黃黄 溫温 穩穏 假仮 價価 畫画 會会 懷懐 壞壊 繪絵 擴拡 殼殻 覺覚 學学 嶽岳 樂楽 勸勧 卷巻 寬寛
歡歓 罐缶 觀観 關関 陷陥 巖巌 顏顔 歸帰 氣気 龜亀 僞偽 戲戯 犧犠 舊旧 據拠 擧挙 峽峡 挾挟 狹狭 敎教
鄕郷 堯尭 曉暁 區区 驅駆 勳勲 徑径 惠恵 溪渓 經経 繼継 莖茎 螢蛍 輕軽 鷄鶏 藝芸 缺欠 儉倹 劍剣 圈圏
檢検 權権 獻献 縣県 險険 顯顕 驗験 嚴厳 效効 廣広 恆恒 鑛鉱 號号 國国 黑黒 濟済 碎砕 齋斎 劑剤 櫻桜
册冊 雜雑 產産 參参 慘惨 棧桟 蠶蚕 贊賛 殘残 絲糸 齒歯 兒児 辭辞 濕湿 實実 舍舎 寫写 釋釈 壽寿 收収
從従 澁渋 獸獣 縱縦 肅粛 處処 緖緒 敍叙 奬奨 將将 燒焼 稱称 證証 乘乗 剩剰 壤壌 孃嬢 條条 淨浄 疊畳
穰穣 讓譲 釀醸 囑嘱 觸触 寢寝 愼慎 晉晋 眞真 盡尽 圖図 粹粋 醉酔 隨随 髓髄 數数 樞枢 瀨瀬 聲声 靜静
齊斉 攝摂 竊窃 專専 戰戦 淺浅 潛潜 纖繊 踐践 錢銭 禪禅 雙双 壯壮 搜捜 插挿 爭争 總総 聰聡 莊荘 裝装
騷騒 增増 藏蔵 臟臓 屬属 續続 墮堕 體体 對対 帶帯 滯滞 臺台 瀧滝 擇択 澤沢 單単 擔担 膽胆 團団 彈弾
斷断 癡痴 遲遅 晝昼 蟲虫 鑄鋳 廳庁 聽聴 敕勅 鎭鎮 塚塚 遞逓 鐵鉄 轉転 點点 傳伝 黨党 盜盗 燈灯 當当
鬪闘 德徳 獨独 讀読 屆届 繩縄 貳弐 惱悩 腦脳 霸覇 廢廃 拜拝 賣売 麥麦 發発 髮髪 拔抜 蠻蛮 祕秘 濱浜
甁瓶 拂払 佛仏 倂併 竝並 變変 邊辺 辯弁 舖舗 步歩 穗穂 寶宝 萠萌 豐豊 襃褒 墨墨 飜翻 槇槙 萬万 滿満
默黙 餠餅 彌弥 藥薬 譯訳 豫予 餘余 與与 譽誉 搖揺 樣様 謠謡 遙遥 來来 賴頼 亂乱 覽覧 龍竜 兩両 獵猟
綠緑 鄰隣 凜凛 壘塁 淚涙 勵励 禮礼 隸隷 靈霊 齡齢 戀恋 爐炉 勞労 樓楼 郞郎 祿禄 亙亘 灣湾 瑤瑶 曾曽
嶋島 嶌島 峯峰 冨富 舘館 濵浜 邉辺 髙高 﨑崎 嵜崎 埼埼 德徳 栁柳 桒桑 廼廼 侭侭 躰体 凉涼 决決 况況 减減
渕淵 渊淵 籠篭 薗園 糺糾 諌諫 迩邇 鴎鷗 斉斎 舩船 珎珍 恊協 彥彦 靑青 淸清 晴晴 精精 福福 祥祥 神神
逸逸 都都 隆隆 館館 飯飯 羽羽 鶴鶴 﨟臈 諸諸 者者 著著 節節 祐祐 祖祖 祝祝 穀穀 署署 社社 視視 賓賓
難難 頻頻 響響 類類 凞煕 曻昇 昻昂 曺曹 鄧鄧 隆隆 增増 墫樽 寬寛 杦杉 枩松 槗橋 淲滮 濹墨 喆哲 艸草
囯国 圀国 秌秋 龝秋 畧略 裡裏 甦蘇 煑煮 嶺嶺 翆翠 逹達 迠辻 邨村 鉃鉄 閲閲 圡土 𠮷吉 衆衆 盃杯 姙妊 韮韭
"""

_LEAVE = frozenset("塚墨埼廼侭嶺閲衆鄧諫邇臈滮韭")
"""Listed as themselves or too far apart in use to fold."""


def _pairs() -> dict[str, str]:
    table = {}
    for pair in _OLD_AND_NEW.split():
        old, new = pair[0], pair[1]
        if old != new and new not in _LEAVE:
            table[old] = new
    # 齊 is an old 斉, and 斉 is filed with 斎: follow each to the end.
    return {old: _last(new, table) for old, new in table.items()}


def _last(character: str, table: dict[str, str]) -> str:
    while character in table:
        character = table[character]
    return character


KANJI = MappingProxyType(_pairs())
"""Variant or old kanji -> the form in common use. 斉 joins 斎: names are typed either way."""

_RADICALS = """
⺀冫 ⺁厂 ⺂乛 ⺃乚 ⺄乙 ⺅亻 ⺆冂 ⺇几 ⺈刀 ⺉刂 ⺊卜 ⺋㔾 ⺌小 ⺍小 ⺎尢 ⺏尣 ⺐尢 ⺑尣 ⺒巳 ⺓幺 ⺔彑 ⺕彐 ⺖忄
⺗心 ⺘扌 ⺙攵 ⺛旡 ⺜日 ⺝月 ⺞歹 ⺟母 ⺠民 ⺡氵 ⺢氺 ⺣灬 ⺤爫 ⺥爫 ⺦丬 ⺧牛 ⺨犭 ⺩王 ⺪疋 ⺫罒 ⺬示 ⺭礻
⺮竹 ⺯糸 ⺰纟 ⺱罓 ⺲罒 ⺳网 ⺴网 ⺵网 ⺶羊 ⺷羊 ⺸羊 ⺹耂 ⺺肀 ⺻聿 ⺼月 ⺽臼 ⺾艹 ⺿艹 ⻀艹 ⻁虎 ⻂衤 ⻃西
⻄西 ⻅见 ⻆角 ⻇角 ⻈讠 ⻉贝 ⻊足 ⻋车 ⻌辶 ⻍辶 ⻎辶 ⻏阝 ⻐钅 ⻑長 ⻒長 ⻓长 ⻔门 ⻕阜 ⻖阝 ⻗雨 ⻘青 ⻙韦
⻚页 ⻛风 ⻜飞 ⻝食 ⻞食 ⻟食 ⻠饣 ⻡首 ⻢马 ⻣骨 ⻤鬼 ⻥鱼 ⻦鸟 ⻧卤 ⻨麦 ⻩黄 ⻪黾 ⻫斉 ⻬齐 ⻭歯 ⻮齿 ⻯竜
⻰龙 ⻱龜 ⻲亀
"""

RADICALS = MappingProxyType({pair[0]: pair[1] for pair in _RADICALS.split()})
"""CJK Radicals Supplement -> the character it is printed for; NFKC folds 2 of these 115."""

MIDDLE_DOTS = frozenset("‧•∙⋅")
"""Printed for the 中黒 that parts words and names."""

DASHES = frozenset("‐‑‒–—―−﹘﹣－ｰ─━⸺﹣")
"""Between or after kana a prolonged sound mark is meant, elsewhere a hyphen."""

WAVES = MappingProxyType({"〜": "~", "～": "~", "∼": "~", "〰": "~"})
"""Wave dashes, which producers mix freely."""
