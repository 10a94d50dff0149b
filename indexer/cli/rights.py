"""The commands for what may be done with documents: `rights` and `withdraw`.

They are the operator's, and tell what a curator may know: never the text of a page.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import click

from indexer import rights_report, withdrawing
from indexer.cli import printing
from indexer.cli.opening import WRONG_USE, Ended, opened
from indexer.cli.usage import Command
from indexer.installation import Installation
from indexer.reindex import SyncReport
from indexer.withdrawing import Followed
from kb.catalogue.changes import UnknownReference
from kb.catalogue.entries import Authorship
from kb.catalogue.review.views import RightsWish
from kb.catalogue.rights.reading import RightsReader, RightsRecord
from kb.catalogue.rights.withdrawing import Named
from kb.catalogue.writing import writing
from kb.domain.fiscal_year import parse_date
from kb.domain.rights import PERMITTED, BadPermission, Permission, Terms

_STATED = [terms.value for terms in Terms if terms is not Terms.WITHDRAWN]


def _day(_ctx: click.Context, _param: click.Parameter, value: str | None) -> date | None:
    """A date in any notation; refused in a sentence."""
    if value is None:
        return None
    day = parse_date(value)
    if day is None:
        raise click.BadParameter(f"「{value}」は日付として読めません(例: 2027-03-31、R9.3.31)")
    return day


@click.command(cls=Command)
@click.argument("document", metavar="資料ID")
@click.option("--allow", type=click.Choice([terms.value for terms in PERMITTED]),
              help="許諾されたことを記録する。--by が要る。")  # fmt: skip
@click.option("--by", help="許諾した人や部署。")
@click.option("--on", metavar="日付", callback=_day, help="許諾の日。既定は今日。")
@click.option("--until", metavar="日付", callback=_day, help="許諾の最後の日。なければ期限なし。")
@click.option("--note", help="許諾のいきさつや条件。")
@click.option("--end", type=int, metavar="番号", help="許諾を終わらせる。")
@click.option("--terms", type=click.Choice(_STATED), help="資料に書かれた利用条件を訂正する。")
@click.option("--statement", help="資料の原文を訂正する(そのままのことばで)。空にすると消す。")
@click.option("--why", help="理由。訂正するときは必ず書く。")
@click.option("--json", "json_", is_flag=True, help="JSONで出す。")
def rights(document: str, json_: bool, **given: Any) -> None:
    """資料の利用条件、許諾、できることを示し、許諾を記録し、条件を訂正する。

    例: kb rights doc-2022-slides --allow open --by 福津市総務課 --until 2027-03-31
    """
    asked = _Asked(**given)
    asked.refuse_what_does_not_fit()
    with opened() as (_, installation):
        installation.require()
        record = _record(installation, document)
        if asked.changes:
            _change(installation, record, asked)
            record = _record(installation, document)
        _show(installation, record, json_=json_)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What `kb rights` was asked to change."""

    allow: str | None
    by: str | None
    on: date | None
    until: date | None
    note: str | None
    end: int | None
    terms: str | None
    statement: str | None
    why: str | None

    @property
    def corrects(self) -> bool:
        return self.terms is not None or self.statement is not None

    @property
    def changes(self) -> bool:
        return self.allow is not None or self.end is not None or self.corrects

    def refuse_what_does_not_fit(self) -> None:
        """Raises Ended where options do not go together."""
        if sum((self.allow is not None, self.end is not None, self.corrects)) > 1:
            raise Ended(
                "--allow(許諾の記録)、--end(許諾の終わり)、--terms と --statement(訂正)は、"
                "別々に実行してください。",
                WRONG_USE,
            )
        details = {"--by": self.by, "--on": self.on, "--until": self.until, "--note": self.note}
        given = [name for name, value in details.items() if value is not None]
        if self.allow is None and given:
            raise Ended(f"{'、'.join(given)} は --allow といっしょに使います。", WRONG_USE)
        if self.allow is not None and self.by is None:
            raise Ended("--allow には、だれが許諾したかを --by で書いてください。", WRONG_USE)
        if self.corrects and not (self.why and self.why.strip()):
            raise Ended("訂正する理由を --why で書いてください。来歴に残ります。", WRONG_USE)

    def permission(self, allow: str, today: date) -> Permission:
        """The permission to record.

        Raises:
            Ended: it says nothing or contradicts itself.
        """
        try:
            by = (self.by or "").strip()
            return Permission(Terms(allow), by, self.on or today, self.until)
        except BadPermission as error:
            raise Ended(str(error), WRONG_USE) from error


def _change(installation: Installation, record: RightsRecord, asked: _Asked) -> None:
    """Record what was asked for, and have the index follow."""
    allow = asked.allow
    given = None if allow is None else asked.permission(allow, installation.today())
    with writing(installation.database, Authorship("kb rights", asked.why)) as writer:
        if given is not None:
            changed = bool(writer.rights.permit(record.document_id, given, asked.note))
        elif asked.end is not None:
            changed = writer.rights.end_permission(record.document_id, asked.end)
        else:
            terms = Terms(asked.terms) if asked.terms else record.rights.terms
            old = record.rights.statement
            statement = old if asked.statement is None else asked.statement or None
            wish = RightsWish(terms, statement)
            changed = writer.review.state_rights(record.document_id, wish)
    if changed:
        _tell_index(*withdrawing.follow(installation))
    else:
        click.echo("すでにそのとおりです。何も変えていません。", err=True)


def _record(installation: Installation, document: str) -> RightsRecord:
    record = RightsReader(installation.database).record(document)
    if record is None:
        raise UnknownReference(f"資料 {document} は登録されていません。")
    return record


def _show(installation: Installation, record: RightsRecord, *, json_: bool) -> None:
    if json_:
        printing.as_json(rights_report.as_json(record, installation.today()))
        return
    for line in rights_report.lines(record, installation.today()):
        click.echo(line)


@click.command(cls=Command)
@click.argument("documents", nargs=-1, metavar="[資料ID]...")
@click.option("--case", "cases", multiple=True, help="事例と、その資料すべて。")
@click.option("--event", "events", multiple=True, help="催しと、そこで発表された事例の資料すべて。")
@click.option("--why", help="取り下げる理由。必ず書く。")
@click.option("--undo", is_flag=True, help="取り下げを取り消し、元の利用条件に戻す。")
def withdraw(
    documents: tuple[str, ...], cases: tuple[str, ...], events: tuple[str, ...],
    why: str | None, undo: bool,
) -> None:  # fmt: skip
    """資料を取り下げる。画面、検索、画像、ファイルからすぐに消え、編集担当だけが題名を知る。

    例: kb withdraw doc-2022-slides --why 作成者からの申し出
    """
    named = Named(documents, cases, events)
    if named == Named():
        raise Ended("資料ID、--case、--event のどれかで、何を取り下げるかを書いてください。", 2)
    if not undo and not (why and why.strip()):
        raise Ended("取り下げる理由を --why で書いてください。来歴に残ります。", WRONG_USE)
    do = withdrawing.restore if undo else withdrawing.withdraw
    with opened() as (_, installation):
        installation.require()
        done = do(installation, named, Authorship("kb withdraw", why))
    _tell(done, "取り下げを取り消した資料" if undo else "取り下げた資料")


def _tell(done: Followed, what: str) -> None:
    for document in done.documents:
        click.echo(document)
    click.echo(f"{what}: {len(done.documents)}点", err=True)
    for sha256 in done.images_left:
        click.echo(
            f"ページの画像を消しきれませんでした({sha256[:12]})。だれにも表示されません。"
            "もう一度実行してください。",
            err=True,
        )
    _tell_index(done.synced, done.locked)


def _tell_index(report: SyncReport | None, locked: str | None) -> None:
    if report is not None:
        printing.synced(report)
    if locked is not None:
        click.echo(
            f"{locked} 画面と検索は、もう新しい利用条件で答えています。"
            "索引には次の kb sync で入ります。",
            err=True,
        )


COMMANDS = (rights, withdraw)
