# The image of operator, gateway and indexer: `docker build .` in this folder (docs/image.md).

# Base images come from Amazon's mirror of the official ones, which needs no account; a registry of your own takes its place by
# --build-arg REGISTRY=, another base with Node 24 by --build-arg BASE_IMAGE=.
ARG REGISTRY=public.ecr.aws/docker/library
ARG BASE_IMAGE=node:24.21.0-slim

FROM ${REGISTRY}/${BASE_IMAGE} AS base
WORKDIR /app

# What the programs import. No script of a package is run: the only one that anything here needs fetches Node, which the base has.
FROM base AS packages
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --workspaces=false --ignore-scripts

# The web UI, of whose packages nothing is kept but what Vite makes of them.
FROM base AS web
COPY package.json package-lock.json .npmrc ./
COPY web/package.json web/
RUN npm ci --workspace=web --ignore-scripts
COPY tsconfig.json ./
COPY web web
COPY docs/guide docs/guide
RUN npm run build --workspace=web

FROM base
LABEL org.opencontainers.image.title="data.all on Kubernetes" \
      org.opencontainers.image.description="Operator, gateway with web UI, and indexer" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production
COPY --from=packages /app/node_modules node_modules
COPY --from=web /app/web/dist web/dist
COPY package.json config.json LICENSE ./
COPY operator operator
COPY api api
# As the chart's pods run: nobody of the base, with a root file system that is not written to.
USER 65532:65532
# Kubernetes names one of them by `command`: operator/main.ts, api/main.ts gateway, api/main.ts indexer.
ENTRYPOINT ["node"]
CMD ["operator/main.ts", "--help"]
