// graphql(`…`) becomes the parsed document itself: each page then loads only its own documents.
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

const CALL = /\bgraphql\(\s*`\s*(query|mutation|subscription|fragment)\s+(\w+)[^`]*`,?\s*\)/g;
const CONSTANT = /^export const (\w+) = (\{.*\}) as unknown as DocumentNode/gm;

export function documents(generated: string): Plugin {
  let parsed = new Map<string, string>();
  return {
    name: "documents",
    apply: "build",
    enforce: "pre",
    buildStart() {
      const found = readFileSync(generated, "utf8").matchAll(CONSTANT);
      parsed = new Map([...found].map(([, name = "", json = ""]) => [name, json]));
    },
    transform(code, id) {
      if (!/\/src\/(?!gql\/).*\.tsx?$/.test(id) || !code.includes("graphql(`")) return null;
      const replaced = code.replace(CALL, (_call, kind: string, name: string) => {
        const json = parsed.get(name + (kind === "fragment" ? "FragmentDoc" : "Document"));
        if (!json) throw new Error(`${id}: no generated document ${name}`);
        return `(${json})`;
      });
      return { code: replaced, map: null };
    },
  };
}
