"""The words by which themes are recognised; those with a plus tell twice as much.

Chosen by what they mean in municipal offices, spelt as :func:`kb.japanese.fold.fold_text`
leaves them. A word may stand for several themes; where one word lies within another, the
longer one is met: 相談窓口 is not also 窓口.
"""

from types import MappingProxyType

from kb.domain.classification import Theme

_LISTS = {
    Theme.CULTURE: """
        職場風土+ 組織風土+ 組織文化+ 風通し 心理的安全性+ 1on1+ 対話 改善運動+ 職員提案+ 一体感
        エンゲージメント 職場の雰囲気 オフサイトミーティング+ 本音 庁内報
    """,
    Theme.OBJECTIVES: """
        組織目標+ 目標管理+ 目標設定 部の目標 課の目標 個人目標 人事評価 KPI 成果指標 業績評価
        方針管理 目標シート+
    """,
    Theme.PEOPLE: """
        人材育成+ 管理職+ 係長 課長 研修 新任 マネジメント力 キャリア リーダーシップ 職員研修+
        人事異動 ジョブローテーション メンター 後継者 面談 採用 能力開発
    """,
    Theme.PLANNING: """
        総合計画+ 基本構想+ 基本計画 経営改善 行政経営+ 経営会議 政策形成 チーム経営+ 総合戦略
        経営手法 行政評価 事務事業評価 進行管理 政策法務 行政改革大綱 施政方針 経営層
    """,
    Theme.EFFICIENCY: """
        業務改善+ 効率化+ 業務の見直し+ 業務フロー 手戻り 差し戻し 手順書 マニュアル 標準化
        時間短縮 ムダ 業務量 見える化 転記 自動化 RPA カイゼン+ 改善活動+ 業務改革+ 外部委託
        待ち時間 定型業務
    """,
    Theme.DIGITAL: """
        DX+ ICT+ RPA+ AI+ デジタル+ 電子化+ オンライン申請+ 電子申請+ 電子決裁+ システム タブレット
        ペーパーレス+ 二次元コード クラウド スマートフォン オープンデータ+ テレワーク チャット
        マイナンバーカード 生成AI+ 情報システム
    """,
    Theme.COUNTER: """
        窓口+ 住民サービス+ 市民サービス+ おくやみ+ ワンストップ+ 書かない窓口+ 番号札 来庁 転入
        届出 待ち時間 申請書 手続 罹災証明 証明書 相談窓口 受付 受診勧奨 住民票
    """,
    Theme.COLLABORATION: """
        協働+ 地域づくり+ まちづくり協議会+ 集落+ 自治会+ 町内会+ ボランティア 住民参加+ 市民参加+
        NPO 商工会 地域おこし+ 集落支援員+ 見守り 地域運営組織+ 官民連携 住民自治+ 地域の担い手
    """,
    Theme.MIGRATION: """
        移住+ 定住+ 空き家+ 人口減少+ 若者 関係人口+ お試し移住+ 空き家バンク+ 転出 移住者+
        定住促進+ 婚活 少子化
    """,
    Theme.FINANCE: """
        財政+ 予算編成+ 公共施設+ 長寿命化+ 保全 枠配分+ 決算 一般財源 使用料 歳入 補正予算
        公会計+ 財源 ファシリティマネジメント+ 資産 一般会計 特別会計 料金 修繕 予算
        滞納整理 ふるさと納税+ 赤字
    """,
    Theme.CRISIS: """
        防災+ 避難所+ 災害+ 豪雨 台風 罹災証明+ 初動 訓練 危機管理+ 避難+ 地震 感染症対策 応急
        被災 除雪 業務継続計画+ 備蓄
    """,
    Theme.WORKSTYLE: """
        働き方+ 在宅勤務+ テレワーク+ 残業+ 時間外勤務+ 時間外 勤務時間 休暇 ペーパーレス 勤怠 押印
        育児休業+ ワークライフバランス+ 超過勤務+ フリーアドレス+ 多忙
    """,
}

THEME_WORDS = MappingProxyType(
    {
        theme: MappingProxyType(
            {word.rstrip("+"): 2.0 if word.endswith("+") else 1.0 for word in words.split()}
        )
        for theme, words in _LISTS.items()
    }
)
"""Theme -> word -> weight."""
