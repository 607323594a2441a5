FROM rust:1.95-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends cmake g++ && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --release --locked -p lockgate-proxy

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
    && useradd --system --no-create-home lockgate
COPY --from=build /src/target/release/lockgate /usr/local/bin/lockgate
USER lockgate
WORKDIR /etc/lockgate
EXPOSE 8080
ENTRYPOINT ["lockgate"]
CMD ["run", "--config", "/etc/lockgate/lockgate.yaml"]
