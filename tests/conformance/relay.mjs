import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import relay from "relay-runtime";
import { serve } from "./program.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const config = {
  src: "relay",
  schema: "schema.graphql",
  artifactDirectory: "made",
  language: "javascript",
  eagerEsModules: false,
};
let environment;
let made;
let shown;

// What relay-compiler says of the documents in relay/, and of a refetchable fragment of each type.
function compile(folder, schema, types) {
  cpSync(`${here}relay`, `${folder}/relay`, { recursive: true });
  mkdirSync(`${folder}/made`);
  writeFileSync(`${folder}/schema.graphql`, schema);
  writeFileSync(`${folder}/relay.config.json`, JSON.stringify(config));
  const again = types.map(
    (type) =>
      `graphql\`fragment again_${type} on ${type} @refetchable(queryName: "again${type}Query")` +
      ` { __typename id }\`;\n`,
  );
  writeFileSync(`${folder}/relay/again.js`, again.join(""));
  made = (name) => createRequire(`${folder}/`)(`./made/${name}.graphql.js`);
  const compiler = `${here}node_modules/relay-compiler/cli.js`;
  try {
    const done = { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] };
    return execFileSync(process.execPath, [compiler, "relay.config.json"], done);
  } catch (error) {
    return `${error.stdout}${error.stderr}`;
  }
}

function start(url, token) {
  const network = relay.Network.create(async ({ text }, variables) => {
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
    const body = JSON.stringify({ query: text, variables });
    return (await fetch(url, { method: "POST", headers, body })).json();
  });
  const store = new relay.Store(new relay.RecordSource());
  environment = new relay.Environment({ network, store });
}

// The first page of a connection, as useLazyLoadQuery and usePaginationFragment read it.
async function first(query, fragment, id, count) {
  const { pool } = await run(made(query), { id, count });
  shown = { fragment: made(fragment), pool, id };
  return read();
}

// What loadNext and loadPrevious of usePaginationFragment do.
async function more(direction, count) {
  const { fragment, id } = shown;
  const { connectionPathInFragmentData, paginationRequest, paginationMetadata } =
    relay.getPaginationMetadata(fragment, "usePaginationFragment");
  const { pageInfo } = connectionPathInFragmentData.reduce((value, key) => value[key], data());
  const cursor = direction === "forward" ? pageInfo.endCursor : pageInfo.startCursor;
  const variables = relay.getPaginationVariables(
    ...[direction, count, cursor, {}, {}, paginationMetadata],
  );
  await run(paginationRequest, { ...variables, id });
  return read();
}

// A refetchable fragment asks for its object again.
async function again(type, id) {
  const { node } = await run(made(`again${type}Query`), { id });
  const selector = relay.getSingularSelector(made(`again_${type}`), node);
  return environment.lookup(selector).data;
}

async function run(query, variables) {
  environment.retain(relay.createOperationDescriptor(query, variables));
  return relay.fetchQuery(environment, query, variables).toPromise();
}

function data() {
  return environment.lookup(relay.getSingularSelector(shown.fragment, shown.pool)).data;
}

function read() {
  const { edges, pageInfo } = data().customers;
  return { ids: edges.map(({ node }) => node.id), pageInfo };
}

serve({ compile, start, first, more, again });
