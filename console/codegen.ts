import type { CodegenConfig } from "@graphql-codegen/cli";
import { typenames } from "./scripts/typenames";

const config: CodegenConfig = {
  schema: "schema.graphql",
  documents: ["src/**/*.{ts,tsx}", "!src/gql/**"],
  ignoreNoDocuments: true,
  generates: {
    "src/gql/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      documentTransforms: [typenames],
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        nonOptionalTypename: true,
        skipTypeNameForRoot: true,
        strictScalars: true,
        scalars: {
          Cursor: "string",
          Date: "string",
          DateTime: "string",
          Decimal: "string",
          Duration: "string",
        },
      },
    },
  },
};

export default config;
