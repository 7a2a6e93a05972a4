"""A tiny console: a real npm project whose build and whose Vite are ten lines of Node."""

import json
from pathlib import Path

import pytest

BUILD = """
const fs = require("fs");
if (fs.readFileSync("src/main.js", "utf8").includes("broken(")) {
  console.error("src/main.js(1,1): error: broken");
  process.exit(1);
}
fs.mkdirSync("dist", { recursive: true });
fs.writeFileSync("dist/index.html", fs.readFileSync("src/main.js"));
fs.appendFileSync("node_modules/builds", `${process.version} ${process.execPath}\\n`);
"""
VITE = """
const port = +process.argv[process.argv.indexOf("--port") + 1];
const answer = JSON.stringify({ api: process.env.SEAPOOL_API, pid: process.pid });
// As Vite does.
process.stdin.on("end", () => process.exit()).resume();
require("http").createServer((_, to) => to.end(answer)).listen(port, "127.0.0.1");
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "console"
    package = {
        "name": "tiny",
        "version": "1.0.0",
        "scripts": {"build": "npm run pages", "pages": "node build.js"},
        "dependencies": {"vite": "file:vite"},
    }
    packages = {
        "": {name: package[name] for name in ("name", "version", "dependencies")},
        "node_modules/vite": {"resolved": "vite", "link": True},
        "vite": {"version": "1.0.0"},
    }
    lock = {"name": "tiny", "version": "1.0.0", "lockfileVersion": 3, "packages": packages}
    for name, text in {
        "package.json": json.dumps(package),
        "package-lock.json": json.dumps(lock),
        "build.js": BUILD,
        "src/main.js": "first",
        "vite/package.json": '{"name": "vite", "version": "1.0.0"}',
        "vite/bin/vite.js": VITE,
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder
