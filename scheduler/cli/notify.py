"""``tonggao notify``: whether alarms would arrive."""

from __future__ import annotations

import typer

from scheduler.cli.context import Invocation, run_async
from scraper.errors import UsageError

app = typer.Typer(help="Where alarms go.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Where alarms go."""


@app.command("test")
def test(context: typer.Context) -> None:
    """Send a test message to every address of `notify_urls`.

    Example: `TONGGAO_NOTIFY_URLS=json://127.0.0.1:8080/ tonggao notify test`.
    """
    from scheduler.notifications.sending import send_test, sender  # noqa: PLC0415 - apprise is slow

    call: Invocation = context.obj
    if call.settings.notify_urls is None:
        raise UsageError(
            "no notify_urls are set: write addresses in apprise's notation into TONGGAO_NOTIFY_URLS"
        )
    run_async(send_test(sender(call.settings.notify_urls.get_secret_value())))
    call.remark("the test message was taken by every address")
