import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { documents } from "./scripts/documents";

const api = process.env.SEAPOOL_API ?? "http://127.0.0.1:8000";

const FIRST = [
  "(react|react-dom|scheduler|react-router|urql|@urql|wonka|graphql-ws|i18next|react-i18next)",
  "@tanstack",
  "@mantine/core/esm/core",
  "@mantine/core/esm/components/(Anchor|CloseButton|Group|Input|InputBase|NativeSelect|Portal)",
  "@mantine/core/esm/components/(Progress|Text|ThemeIcon|VisuallyHidden)",
  "@tabler/icons-react/dist/esm/(createReactComponent|defaultAttributes)",
];

export default defineConfig({
  plugins: [documents("src/gql/graphql.ts"), react()],
  // The server puts a nonce of its own into each page: style-src allows that one only.
  html: { cspNonce: "__CSP_NONCE__" },
  server: {
    host: "127.0.0.1",
    proxy: {
      "/graphql": { target: api, ws: true },
      "/console": { target: api },
      "/sheets": { target: api },
      "/exports": { target: api },
    },
  },
  // GraphiQL's workers can't be bundled beforehand: its page is seen in built files only.
  optimizeDeps: { entries: ["index.html"] },
  build: {
    assetsInlineLimit: 0,
    manifest: true,
    chunkSizeWarningLimit: 4000,
    rolldownOptions: {
      input: { index: "index.html", graphiql: "graphiql.html" },
      // What every page needs in few files: they compress better together.
      output: {
        codeSplitting: {
          groups: [{ name: "common", test: new RegExp(`node_modules/(${FIRST.join("|")})[/.]`) }],
        },
      },
    },
  },
});
