"""Serve a peer in Python: `python -m benchmarks.peers.serve floor`, by uvicorn as Seapool is."""

import importlib
import sys

import uvicorn

from settings import Settings

if __name__ == "__main__":
    settings = Settings.load()
    peer = importlib.import_module(f"benchmarks.peers.{sys.argv[1]}")
    uvicorn.run(
        peer.create_app(settings),
        host="127.0.0.1",
        port=settings.port,
        loop="uvloop",
        http="httptools",
        ws="none",
        access_log=False,
        server_header=False,
        log_level="warning",
    )
