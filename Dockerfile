# docker build -t briefing .
# docker run --rm -v "$PWD:/work" -u "$(id -u):$(id -g)" briefing build
FROM python:3.12-slim-bookworm AS wheel
WORKDIR /source
COPY . .
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:3.12-slim-bookworm
# Debian keeps one version of each in a release; to name it here would only break when it is mended.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends git libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && git config --system --add safe.directory /work
COPY requirements.lock /tmp/requirements.lock
COPY --from=wheel /wheels /tmp/wheels
RUN pip install --no-cache-dir --require-hashes --only-binary :all: --requirement /tmp/requirements.lock \
    && pip install --no-cache-dir --no-deps /tmp/wheels/*.whl \
    && rm -r /tmp/requirements.lock /tmp/wheels \
    && useradd --uid 1000 --create-home briefing
USER 1000
WORKDIR /work
ENTRYPOINT ["briefing"]
CMD ["--help"]
