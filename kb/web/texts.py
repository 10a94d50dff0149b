"""The Japanese sentences and labels that Python code shows; templates hold their own."""

from types import MappingProxyType

from kb.search.query import Facet, Sort

SITE = "自治体改善ナレッジベース"

FACETS = MappingProxyType(
    {
        Facet.MUNICIPALITY: "自治体",
        Facet.PREFECTURE: "都道府県",
        Facet.IMPLEMENTED_IN: "実践年度",
        Facet.PRESENTED_IN: "発表年度",
        Facet.THEME: "テーマ",
        Facet.DEPARTMENT: "部門",
        Facet.KIND: "資料の種類",
        Facet.RIGHTS: "利用条件",
        Facet.EVENT: "開催記録",
    }
)
"""Facet -> its heading, in the order they are drawn."""

CHIPS = MappingProxyType(
    {**FACETS, Facet.IMPLEMENTED_IN: "実践", Facet.PRESENTED_IN: "発表", Facet.KIND: "種類"}
)
"""Facet -> what stands before a chosen value: shorter, where the value says the rest."""

SORTS = MappingProxyType(
    {
        Sort.RELEVANCE: "関連の強い順",
        Sort.IMPLEMENTED_IN: "実践年度",
        Sort.PRESENTED_IN: "発表年度",
        Sort.MUNICIPALITY: "自治体",
    }
)

ENTITIES = MappingProxyType(
    {
        "municipality": "自治体",
        "event": "開催記録",
        "person": "人",
        "programme": "事業",
        "theme": "テーマ",
        "department": "部門",
        "document_series": "資料のシリーズ",
        "event_series": "催しのシリーズ",
        "document": "資料",
    }
)

EVENT_PARTS = MappingProxyType(
    {
        "announces": "案内の資料",
        "reports": "報告の資料",
        "used": "使われた様式",
    }
)
"""Part at an event -> the heading of the documents that had it."""

PARAMETERS = MappingProxyType(
    {
        "page": "ページ番号",
        "page_size": "1ページの件数",
        "hit": "該当箇所の番号",
        "width": "画像の幅(width)",
        "scope": "語のそろう範囲(scope)",
        "sort": "並び順(sort)",
    }
)

ACTIONS = MappingProxyType(
    {
        "recorded": "登録",
        "changed": "変更",
        "read": "読み取り",
        "located": "所在の記録",
        "decided": "確定",
        "taken_back": "確定の取り消し",
        "removed": "削除",
        "alike": "似た資料の発見",
        "withdrawn": "取り下げ",
        "restored": "取り下げの取り消し",
        "permitted": "許諾の記録",
        "permission_begun": "許諾の開始",
        "permission_ended": "許諾の終了",
        "rights_corrected": "利用条件の訂正",
        "published": "公開",
        "merged": "事例の統合",
        "split": "統合の取り消し",
        "replaced": "新しい原本への差し替え",
    }
)
"""What was done to a record, as the catalogue names it -> for readers."""

MEDIA_TYPES = MappingProxyType(
    {
        "application/pdf": "PDF",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
        "text/html": "HTML",
        "text/plain": "テキスト",
    }
)

QUERY_TOO_LONG = "検索することばは{most}文字までです(いまは{length}文字)。短くしてお試しください。"
BAD_NUMBER = "{name}は、1から{most}までの数字で指定してください。"
BAD_CHOICE = "{name}に指定できるのは {choices} です。"
TOO_MANY_VALUES = "「{name}」の条件が多すぎるか、長すぎます。条件を減らしてお試しください。"

FILE_NOT_HELD = "この資料のファイルは保有していません。"
FILE_MISSING = (
    "この資料のファイルを取り出せませんでした。時間をおいても開けないときは、"
    "このサイトの管理者にお知らせください。"
)
ONLY_VIEWING = "この形式のファイルは、ダウンロードが認められていないためお見せできません。"

NO_PAGE_IMAGE = "この資料には、ページの画像がありません。"

CATALOGUE_UNAVAILABLE = (
    "資料の台帳を開けません。数分後にもう一度お試しください。"
    "続くときは、このサイトの管理者にお知らせください。"
)

ERRORS = MappingProxyType(
    {
        400: (
            "この指定では検索できません",
            "アドレスの指定に誤りがあります。検索しなおしてください。",
        ),
        401: (
            "サインインが必要です",
            "サインインしてから、もう一度お試しください。",
        ),
        403: (
            "このページは公開されていません",
            "閲覧できる方が限られています。ことばで検索すると、公開されている資料が見つかります。",
        ),
        404: (
            "ページが見つかりません",
            "アドレスが変わったか、掲載を終えた可能性があります。題名や自治体名で検索してください。",
        ),
        405: (
            "この操作は受け付けていません",
            "前のページに戻って、画面のボタンやリンクから操作してください。",
        ),
        413: (
            "送られた内容が大きすぎます",
            "ファイルを分けるか小さくして、もう一度お送りください。",
        ),
        500: (
            "画面を表示できませんでした",
            "システムの側に誤りがあり、記録しました。時間をおいてもう一度お試しください。",
        ),
        503: (
            "検索の準備ができていません",
            "索引の準備が済んでいません。数分後にもう一度お試しください。一覧はご覧いただけます。",
        ),
    }
)
"""Status -> title and what to do."""

NO_UPLOAD = "この取り込みは見つかりません。取り込みの画面からやり直してください。"
NO_FILES = "ファイルが選ばれていません。ファイルかフォルダーを選んでから、取り込んでください。"
DRAFTS_ONLY = (
    "2人で公開する設定なので、すぐに公開することはできません。"
    "「確認してから公開する」を選んでください。"
)
INCOMPLETE = "ファイルがまだ全部届いていません。もう一度お送りください。"
WRONG_SUM = "ファイルが送られたとおりに届きませんでした。もう一度お送りください。"
BAD_OFFSET = "続きの位置(offset)は、0以上の数字で指定してください。"
TOO_LARGE = "大きすぎる"
FILE_TOO_LARGE = "1つのファイルの上限は{most}MBです。ファイルを分けるか小さくしてください。"
SEND_SMALLER = "ファイルを分けるか小さくして、取り込み直してください。"
NAMELESS = "名前のないファイル"
