// What the first view needs must stay small: its scripts and styles, compressed.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const MOST = 250_000;

const manifest = JSON.parse(readFileSync("dist/.vite/manifest.json", "utf8"));
const FIRST = ["index.html", "src/pages/customers/Customers.tsx"];

function filesOf(name, found = new Set()) {
  const chunk = manifest[name];
  if (!chunk || found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const css of chunk.css ?? []) found.add(css);
  for (const each of chunk.imports ?? []) filesOf(each, found);
  return found;
}

const files = new Set(FIRST.flatMap((name) => [...filesOf(name)]));
const sizes = [...files].map((file) => gzipSync(readFileSync(`dist/${file}`)).length);
const total = sizes.reduce((sum, size) => sum + size, 0);
console.log(`first view: ${files.size} files, ${Math.round(total / 1000)} KB compressed`);
if (total > MOST) {
  console.error(`more than ${MOST / 1000} KB: load something lazily`);
  process.exit(1);
}
