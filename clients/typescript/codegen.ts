import type { CodegenConfig } from "@graphql-codegen/cli";

const config: CodegenConfig = {
  schema: "../../console/schema.graphql",
  documents: "../operations/*.graphql",
  importExtension: ".ts",
  generates: {
    "src/gql/": {
      preset: "client",
      presetConfig: {
        fragmentMasking: false,
        persistedDocuments: { hashAlgorithm: "sha256" },
      },
      config: {
        documentMode: "string",
        useTypeImports: true,
        enumsAsTypes: true,
        skipTypename: true,
        strictScalars: true,
        scalars: {
          ID: "string",
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
