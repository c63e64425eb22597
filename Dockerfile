# The assistant in one image: the page, the command line and, with `chroma run`, the
# Chroma server that several of them share. See docs/deploy.md.
FROM python:3.11-slim

WORKDIR /app
COPY requirements-uv.lock requirements.lock pyproject.toml README.md LICENSE NOTICE ./
COPY LICENSES LICENSES
COPY assistant assistant
COPY corpus corpus
COPY prompts prompts

# Every package by its hash; nothing is fetched when the container runs.
RUN python -m venv /app/.venv \
 && .venv/bin/pip install --quiet --no-cache-dir --require-hashes -r requirements-uv.lock \
 && .venv/bin/uv pip install --quiet --no-cache --python .venv/bin/python --compile-bytecode \
      --require-hashes -r requirements.lock \
 && .venv/bin/uv pip install --quiet --no-cache --python .venv/bin/python --no-deps \
      --no-build-isolation -e . \
 && useradd --create-home --uid 10001 assistant \
 && mkdir /data && chown assistant /data

USER assistant
ENV PATH=/app/.venv/bin:$PATH \
    ASSISTANT_DATA_DIR=/data \
    ASSISTANT_HOST=0.0.0.0
VOLUME /data
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:7860/healthz', timeout=4)"]
CMD ["assistant", "chat", "--no-browser"]
