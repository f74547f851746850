# Films without an installation:
#
#   docker build -t spiralcore .
#   docker run --rm -v "$PWD:/work" --user "$(id -u):$(id -g)" spiralcore render --preview
#
# The first stage has compilers and headers, the second what they made.
FROM python:3.13-slim AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends build-essential pkg-config libcairo2-dev libpango1.0-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY locks locks
RUN python -m venv /opt/spiralcore
ENV PATH=/opt/spiralcore/bin:$PATH
# An index that has torch for processors only keeps gigabytes of libraries for graphics cards out.
ARG PIP_EXTRA_INDEX_URL
RUN pip install --no-cache-dir --no-deps --require-hashes -r locks/build.lock
COPY . .
# The versions of the locks, and only what one needs who makes films.
RUN sed -n 's/ \\$//; /^[a-z0-9]/p' locks/packages.lock locks/torch.lock locks/cuda.lock > /tmp/versions.txt \
    && pip install --no-cache-dir --no-build-isolation --constraint /tmp/versions.txt ".[all]" \
    && pip uninstall --yes cython meson-python meson ninja

FROM python:3.13-slim
LABEL org.opencontainers.image.title=spiralcore org.opencontainers.image.licenses=MIT
RUN apt-get update \
    && apt-get install -y --no-install-recommends libcairo2 libpango-1.0-0 libpangocairo-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home spiral \
    && install -d -o spiral /work
COPY --from=build /opt/spiralcore /opt/spiralcore
# Whoever runs it, also a user without a home, finds a place for what is compiled and cached.
ENV PATH=/opt/spiralcore/bin:$PATH NUMBA_CACHE_DIR=/tmp/numba MPLCONFIGDIR=/tmp/matplotlib HOME=/tmp
USER spiral
WORKDIR /work
ENTRYPOINT ["spiral"]
CMD ["--help"]
