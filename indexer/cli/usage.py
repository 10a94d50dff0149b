"""Help and complaints of the command in Japanese; click's own are in English."""

import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click


class Command(click.Command):
    """A command whose help has Japanese headings."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The first line of the help."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix="使い方: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, under their heading."""
        _write_options(self, ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """``--help``, explained."""
        return _explained(super().get_help_option(ctx))


class Group(click.Group):
    """A group of such commands; a wrong use ends in a Japanese sentence and code 2."""

    command_class = Command

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The first line of the help."""
        formatter.write_usage(ctx.command_path, "コマンド [オプション]...", prefix="使い方: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options and the commands, under their headings."""
        _write_options(self, ctx, formatter)
        shown = [(name, self.commands[name]) for name in self.list_commands(ctx)]
        rows = [(name, c.get_short_help_str(60)) for name, c in shown if not c.hidden]
        with formatter.section("コマンド"):
            formatter.write_dl(rows)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """``--help``, explained."""
        return _explained(super().get_help_option(ctx))

    def main(  # type: ignore[override] # one signature for click's two overloads
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> NoReturn:
        """Run the command and end the process, as click does, with our sentences."""
        extra["standalone_mode"] = False
        try:
            code = super().main(args, prog_name, **extra)
        except click.UsageError as error:
            where = error.ctx.command_path if error.ctx else "kb"
            click.echo(f"{_sentence(error)}\n使い方は {where} --help で見られます。", err=True)
            sys.exit(error.exit_code)
        except click.ClickException as error:
            error.show()
            sys.exit(error.exit_code)
        except click.Abort:
            click.echo("中止しました。", err=True)
            sys.exit(130)
        sys.exit(code if isinstance(code, int) else 0)


def _write_options(
    command: click.Command, ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    rows = [row for p in command.get_params(ctx) if (row := p.get_help_record(ctx)) is not None]
    with formatter.section("オプション"):
        formatter.write_dl(rows)


def _explained(option: click.Option | None) -> click.Option | None:
    if option is not None:
        option.help = "この説明を出して終わる。"
    return option


def _sentence(error: click.UsageError) -> str:
    match error:
        case click.NoSuchOption():
            return f"{error.option_name} というオプションはありません。"
        case click.MissingParameter():
            return f"{_name(error.param)} を指定してください。"
        case click.BadParameter():
            return f"{_name(error.param)} の値が使えません: {error.message}"
        case _:
            return f"使い方が違います: {error.message}"


def _name(parameter: click.Parameter | None) -> str:
    if parameter is None:
        return "値"
    spelling = parameter.opts[0] if isinstance(parameter, click.Option) else None
    return spelling or (parameter.name or "値").upper()
