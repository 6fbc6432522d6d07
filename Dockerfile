# syntax=docker/dockerfile:1
# The production image: the application and its pinned wheels, run by an unprivileged user.
FROM python:3.13-slim AS wheels
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements/production.txt /requirements.txt
RUN python -m venv /venv \
 && /venv/bin/pip install --require-hashes --only-binary :all: -r /requirements.txt

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    STATIC_ROOT=/app/var/static \
    MEDIA_ROOT=/app/media \
    NUMBA_CACHE_DIR=/app/run/numba
RUN groupadd --system --gid 10001 nhipcau \
 && useradd --system --uid 10001 --gid nhipcau --home-dir /app --shell /usr/sbin/nologin nhipcau
COPY --from=wheels /venv /venv
WORKDIR /app
COPY . .
# The settings want every variable; none of these values leaves this layer's command.
RUN SECRET_KEY=only-for-collectstatic-0123456789-abcdefghij \
    DATABASE_URL=postgres://nobody@/none?host=/nonexistent \
    REDIS_URL=redis://nowhere EMAIL_URL=memorymail:// \
    python manage.py collectstatic --no-input --verbosity 0 \
 && install -d -o nhipcau -g nhipcau /app/media /app/run
# Compiled for this processor; another one compiles for itself as its matching worker starts.
RUN NUMBA_CACHE_DIR=/app/var/numba python -c \
    "from matchmaking.engine.kernels.best import warm_up; warm_up()"
USER nhipcau
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:8000/healthz'), timeout=4)"]
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", \
     "--worker-tmp-dir", "/dev/shm", "--graceful-timeout", "20", "--no-control-socket", \
     "--access-logfile", "-"]
