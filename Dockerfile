# tonggao as a service: the database is another container, so the embedded server stays out.
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY scraper scraper
COPY scheduler scheduler
COPY sql sql
RUN python -m venv /opt/tonggao \
 && /opt/tonggao/bin/pip install --no-cache-dir --disable-pip-version-check .

FROM python:3.13-slim
# GB 18030 pages and Chinese logs need UTF-8 whatever the host says; times are Asia/Shanghai anyway.
ENV LC_ALL=C.UTF-8 PYTHONUNBUFFERED=1 PATH=/opt/tonggao/bin:$PATH TONGGAO_METRICS_PORT=9464
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin tonggao
COPY --from=build /opt/tonggao /opt/tonggao
USER 10001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:9464/healthz', timeout=5)"]
ENTRYPOINT ["tonggao"]
CMD ["daemon"]
