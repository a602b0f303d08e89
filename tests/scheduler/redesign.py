"""A publisher whose site changes overnight: a small web server whose pages follow a style."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CHARACTERS = (
    "会议听取了关于重点项目建设情况的汇报研究部署下一步工作强调要坚持问题导向压实责任推动各项任务落地见效"
    "城乡居民收入持续增长粮食生产再获丰收交通水利教育医疗文化旅游生态环境保护取得新成效"
)
WALL = (
    "<html><head><script>var $_ts={};$_ts.nsd=1;</script></head><body>"
    "<script>document.cookie='acw_sc__v2='+arg1;location.reload();</script></body></html>"
)
LOGIN = (
    "<html><head><meta charset=utf-8><title>用户登录</title></head><body><form action=/login>"
    "<h2>用户登录</h2>用户名 <input name=username> 密码 <input type=password name=password>"
    "<button>登录</button></form></body></html>"
)
MISSING = (
    "<html><head><meta charset=utf-8><title>提示信息</title></head><body><div>"
    "抱歉，您访问的页面不存在或已被删除！</div><a href=/>返回首页</a></body></html>"
)
HOME = (
    "<html><head><meta charset=utf-8><title>市人民政府</title></head><body><h1>欢迎访问</h1>"
    "<a href='/zw/'>政务公开</a> <a href='/fw/'>办事服务</a> <a href='/hd/'>互动交流</a></body></html>"
)

_EVERYWHERE = {
    "wall": (412, WALL),
    "server_error": (500, "<html>error</html>"),
    "refused": (403, "<html>forbidden</html>"),
}


@dataclass
class Publisher:
    """What a host shows: articles up to ``count``, in the style of the day."""

    host: str
    style: str = "old"
    count: int = 0
    changed_at: int = 10_000
    robots: str = "User-agent: *\nAllow: /\n"

    def changed(self, number: int) -> bool:
        """Whether an article is one of those published since the change."""
        return number >= self.changed_at

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers, body."""
        if path == "/robots.txt":
            return 200, {"Content-Type": "text/plain"}, self.robots.encode()
        if self.style == "redirected" and path != "/":
            return 302, {"Location": "/"}, b""
        if self.style in _EVERYWHERE or path == "/":
            status, page = _EVERYWHERE.get(self.style, (200, HOME))
            return status, {}, page.encode()
        if path.startswith("/col/"):
            return self._list()
        return self._article(int(path.rsplit("/t", 1)[1].split(".", maxsplit=1)[0]))

    def _list(self) -> tuple[int, dict[str, str], bytes]:
        if self.style == "list_gone":
            return 404, {}, b"<html><title>404</title></html>"
        rows = "".join(
            f"<li><a href='/art/t{n}.html'>{self._title(n)}</a><span>2026-11-{1 + n % 20:02d}</span></li>"
            for n in range(self.count - 1, max(-1, self.count - 16), -1)
        )
        if self.style == "list_empty":
            rows = ""
        page = (
            f"<html><head><meta charset=utf-8><title>新闻发布</title></head><body>"
            f"<div id=app><ul class=list>{rows}</ul></div></body></html>"
        )
        return 200, {}, page.encode()

    def _title(self, number: int) -> str:
        return f"我市召开第{number}次全市重点工作推进会议"

    def _article(self, number: int) -> tuple[int, dict[str, str], bytes]:
        style = self.style if self.changed(number) else "old"
        fixed = {"login": LOGIN, "soft_404": MISSING}.get(style)
        if fixed is not None:
            return 200, {}, fixed.encode()
        if style == "articles_gone":
            return 404, {}, b"<html><title>404</title></html>"
        return 200, {}, self._page(number, style).encode()

    def _page(self, number: int, style: str) -> str:
        name = self._title(number)
        date = (
            "近日"
            if style == "dates_lost"
            else f"2026-11-{1 + number % 20:02d} 10:{number % 60:02d}"
        )
        byline = f"发布时间：{date}"
        if style != "fields_lost":
            byline = f"来源：市政府新闻办 作者：李明 {byline} 责任编辑：王芳"
        return (
            f"<html><head><meta charset=utf-8><title>{name}_市人民政府</title></head><body>"
            f"<div class=article><h1>{name}</h1><div class=info>{byline}</div>"
            f"<div class=content>{self._text(number, style)}</div></div></body></html>"
        )

    def _text(self, number: int, style: str) -> str:
        if style == "article_layout":
            return "<script src=/render.js></script>"
        chance = random.Random(f"{self.host} {0 if style == 'duplicates' else number}")
        parts = 60 if style == "body_shift" else chance.randint(4, 6)
        words = ["".join(chance.choices(CHARACTERS, k=40)) + "。" for _ in range(parts)]
        if style == "encoding":
            words = [word[:9] + "锟斤拷锟斤拷" + word[17:] for word in words]
        return "".join(f"<p>{word}</p>" for word in words)


@dataclass
class Web:
    """All publishers on one port."""

    publishers: dict[str, Publisher] = field(default_factory=dict)
    port: int = 0

    def add(self, host: str) -> Publisher:
        self.publishers[host] = Publisher(host)
        return self.publishers[host]


@contextmanager
def served() -> Iterator[Web]:
    """A web while the block runs."""
    web = Web()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            publisher = web.publishers[self.headers["Host"].split(":")[0]]
            status, headers, body = publisher.answer(self.path)
            self.send_response(status)
            for name, value in {"Content-Type": "text/html", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (its name there)
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    web.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
