// English and Chinese must have the same files with the same keys, and the same {{values}}.
import { readdirSync, readFileSync } from "node:fs";

const PLURAL = /_(zero|one|two|few|many|other)$/;

function flat(value, path = "") {
  if (typeof value === "string") return [[path.replace(PLURAL, ""), value]];
  return Object.entries(value).flatMap(([key, each]) => flat(each, path ? `${path}.${key}` : key));
}

function read(language) {
  const folder = `src/i18n/${language}`;
  const texts = readdirSync(folder).flatMap((file) =>
    flat(JSON.parse(readFileSync(`${folder}/${file}`, "utf8"))).map(([key, text]) => [
      `${file}: ${key}`,
      text,
    ]),
  );
  return new Map(texts);
}

const values = (text) => [...new Set(text.match(/\{\{\s*\w+/g) ?? [])].sort().join();

const english = read("en");
const chinese = read("zh-CN");
const problems = [
  ...[...english.keys()].filter((key) => !chinese.has(key)).map((key) => `zh-CN lacks ${key}`),
  ...[...chinese.keys()].filter((key) => !english.has(key)).map((key) => `en lacks ${key}`),
  ...[...english]
    .filter(([key, text]) => chinese.has(key) && values(text) !== values(chinese.get(key)))
    .map(([key]) => `other values in ${key}`),
  ...[...english, ...chinese].filter(([, text]) => !text.trim()).map(([key]) => `empty: ${key}`),
];
for (const problem of problems) console.error(problem);
process.exit(problems.length ? 1 : 0);
