// Compressed forms beside each hashed file: the server sends them as they are.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const FOLDER = "dist/assets";
const names = readdirSync(FOLDER).filter((name) => /\.(js|css|svg|ttf)$/.test(name));

async function compress(name) {
  const body = readFileSync(`${FOLDER}/${name}`);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
  writeFileSync(`${FOLDER}/${name}.br`, await promisify(brotliCompress)(body, { params }));
  writeFileSync(`${FOLDER}/${name}.gz`, await promisify(gzip)(body, { level: 9 }));
}

await Promise.all(names.map(compress));
