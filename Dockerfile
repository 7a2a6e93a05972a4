FROM node:24-slim AS console
WORKDIR /console
COPY console ./
RUN npm ci --no-audit --no-fund && npm run build
WORKDIR /reference
COPY reference ./
RUN npm ci --no-audit --no-fund && npm run build

FROM python:3.11-slim AS install
WORKDIR /build
RUN python -m venv --without-pip /opt/seapool
COPY pyproject.toml constraints.txt ./
RUN python -m pip --python /opt/seapool/bin/python install --no-cache-dir -c constraints.txt ".[otel]"

FROM python:3.11-slim
RUN useradd --system --no-create-home --shell /usr/sbin/nologin seapool
COPY --from=install /opt/seapool /opt/seapool
WORKDIR /app
COPY app.py manage.py settings.py ./
COPY addresses addresses
COPY commands commands
COPY engines engines
COPY models models
COPY schema schema
COPY workers workers
COPY --from=console /console/dist console/dist
COPY --from=console /reference/dist reference/dist
ENV PATH=/opt/seapool/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    SEAPOOL_HOST=0.0.0.0 SEAPOOL_DATA=/tmp/seapool
USER seapool
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ.get('SEAPOOL_PORT', '8000') + '/livez', timeout=2)"]
ENTRYPOINT ["python", "manage.py"]
CMD ["api"]
