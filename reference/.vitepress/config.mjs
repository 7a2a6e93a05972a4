// The static site of the pages that graphql-markdown has made. Its pages load nothing from other
// hosts, and need no inline script or style: the API serves them by the console's policy.
import { readdirSync, readFileSync } from "node:fs";

const KINDS = {
  queries: "Queries",
  mutations: "Mutations",
  subscriptions: "Subscriptions",
  objects: "Objects",
  inputs: "Inputs",
  interfaces: "Interfaces",
  unions: "Unions",
  enums: "Enums",
  scalars: "Scalars",
  directives: "Directives",
};
const PAGES = new URL("../pages/", import.meta.url);
const INLINE = /<script(?![^>]*\ssrc=)[^>]*>[\s\S]*?<\/script>| style="[^"]*"/g;

function pages(kind) {
  const files = readdirSync(new URL(`${kind}/`, PAGES)).sort();
  return files.map((file) => ({
    text: readFileSync(new URL(`${kind}/${file}`, PAGES), "utf8").match(/^title: (.+)$/m)[1],
    link: `/${kind}/${file.replace(/\.md$/, "")}`,
  }));
}

/** All kinds, with the pages of the shown one alone: each page has its sidebar. */
function sidebar(shown) {
  return Object.entries(KINDS).map(([kind, text]) =>
    kind === shown ? { text, items: pages(kind) } : { text, link: pages(kind)[0].link },
  );
}

const escaped = (code) => code.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);

export default {
  title: "Seapool's API",
  base: "/reference/",
  srcDir: "pages",
  outDir: "dist",
  // Without one, browsers ask for /favicon.ico.
  head: [["link", { rel: "icon", href: "data:," }]],
  appearance: false,
  metaChunk: true,
  vite: { build: { assetsInlineLimit: 0 } },
  markdown: {
    highlight: (code) => `<pre v-pre><code>${escaped(code)}</code></pre>`,
    // A page has its title before its text alone, and ids as MDX escapes them: `\{#name\}`.
    config: (md) =>
      md.core.ruler.before("normalize", "of-mdx", (state) => {
        const { title } = state.env.frontmatter ?? {};
        const text = state.src.replace(/\\\{(#[\w-]+)\\\}/g, "{$1}");
        state.src = title ? `# ${title} {#the-page}\n\n${text}` : text;
      }),
  },
  transformHtml: (page) => page.replace(INLINE, ""),
  themeConfig: {
    search: { provider: "local" },
    sidebar: Object.fromEntries([
      ["/", sidebar("")],
      ...Object.keys(KINDS).map((kind) => [`/${kind}/`, sidebar(kind)]),
    ]),
    outline: false,
  },
};
