import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { inlineDocuments } from "./inline-documents";

const api = process.env.SEAPOOL_API ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [inlineDocuments(), react()],
  // The server puts a nonce of its own into each page: style-src allows that one only.
  html: { cspNonce: "__CSP_NONCE__" },
  server: {
    host: "127.0.0.1",
    proxy: {
      "/graphql": { target: api, ws: true },
      "/console": { target: api },
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
    },
  },
});
