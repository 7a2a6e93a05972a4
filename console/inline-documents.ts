// Puts each operation into the file that uses it. Otherwise the first view loads all of them:
// the generated graphql() keeps them in one map.
import type { Plugin } from "vite";

const CALL = /\bgraphql\(\s*`\s*(query|mutation|subscription|fragment)\s+(\w+)[^`]*`,?\s*\)/g;

export function inlineDocuments(): Plugin {
  let documents: Record<string, unknown> = {};
  return {
    name: "inline-documents",
    apply: "build",
    enforce: "pre",
    async buildStart() {
      // Codegen has just written it: TypeScript that Node reads as it is.
      documents = await import(`${import.meta.dirname}/src/gql/graphql.ts`);
    },
    transform: {
      filter: { id: /\/src\/(?!gql\/).*\.tsx?$/, code: /\bgraphql\(/ },
      handler: (code) =>
        code.replace(CALL, (_, kind: string, name: string) => {
          const document = documents[name + (kind === "fragment" ? "FragmentDoc" : "Document")];
          if (!document) throw new Error(`${name} is not generated: npm run codegen`);
          return `(${JSON.stringify(document)} as never)`;
        }),
    },
  };
}
