# The pages' script
FROM node:22-bookworm-slim AS frontend
WORKDIR /src/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund
COPY frontend/ ./
RUN npm run build

# The hub: the same image is web, worker and scheduler
FROM python:3.11-slim-bookworm
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    LOCKGATE_INSIDE=/app \
    LOCKGATE_DATA=/data
WORKDIR /app
COPY requirements/runtime.lock requirements/runtime.lock
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/runtime.lock
COPY manage.py pyproject.toml LICENSE ./
COPY hub/ hub/
COPY connectors/ connectors/
COPY workflows/ workflows/
COPY --from=frontend /src/hub/web/static/built/ hub/web/static/built/
RUN python -m compileall -q hub connectors workflows \
    && touch hub/web/static/built/.stamp \
    && useradd --system --uid 10001 --home-dir /data lockgate \
    && install --directory --owner lockgate --group lockgate --mode 700 /data
USER lockgate
VOLUME /data
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "32", "--no-ws", "--log-level", "warning", "--respawn-failed-workers", "hub.wsgi:application"]
