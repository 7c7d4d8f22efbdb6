# syntax=docker/dockerfile:1
# One image for web, socket, worker, beat and the one-shots; compose names the command.
FROM python:3.11.15-slim-bookworm AS wheels
COPY requirements.txt /
RUN pip wheel --no-cache-dir --wheel-dir /wheels -r /requirements.txt

FROM python:3.11.15-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MALLOC_ARENA_MAX=2 DATA_DIR=/data
# bubblewrap walls ffmpeg in where the host's kernel allows it; ffmpeg itself comes in a wheel.
RUN apt-get update \
    && apt-get install -y --no-install-recommends bubblewrap \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home --shell /usr/sbin/nologin toptop \
    && install -d -o toptop -g toptop /data /app/staticfiles
RUN --mount=type=bind,from=wheels,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links=/wheels /wheels/*.whl
WORKDIR /app
COPY . .
# The manifest of hashed static files is part of the image; the secrets here sign nothing.
RUN DATA_DIR=/tmp/build DATABASE_URL=postgres://build@localhost/build \
    SECRET_KEY=only-for-collectstatic-at-build-time-000 \
    JWT_SIGNING_KEY=only-for-collectstatic-at-build-time-000 \
    MEDIA_SIGNING_KEY=only-for-collectstatic-at-build-time-000 \
    python manage.py collectstatic --noinput \
    && rm -rf /tmp/build
USER toptop
VOLUME /data
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "64", "--http1-buffer-size", "131072", "--no-ws", "tiktok.wsgi:application"]
