import "./styles";
import "graphiql/setup-workers/vite";
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "graphiql/graphiql.css";
import { buildSchema } from "graphql";
import { createRoot } from "react-dom/client";
import schemaText from "../../schema.graphql?raw";
import { loadConfig, loadDemoPeople } from "../auth/config";
import "./graphiql.css";

const QUERY = `# Seapool's API. Try:
query privatePool {
  viewer {
    name
    privatePool {
      held
      capacity
      customers(first: 5) {
        nodes { name holding { release { at reason } } }
      }
    }
  }
}
`;

const socket = new URL("/graphql", window.location.href);
socket.protocol = socket.protocol.replace("http", "ws");
// Known without a request: nobody must have a token to read it.
const schema = buildSchema(schemaText);
const fetcher = createGraphiQLFetcher({ url: "/graphql", subscriptionUrl: socket.href });

/** The token of a salesperson of the demo; elsewhere a place for one's own. */
async function headers(): Promise<string> {
  const people = (await loadConfig()).demo ? await loadDemoPeople() : [];
  const person = people.find((each) => each.role === "SALES") ?? people[0];
  return JSON.stringify({ Authorization: `Bearer ${person?.token ?? "…"}` }, null, 2);
}

async function start(): Promise<void> {
  const filled = await headers().catch(() => '{ "Authorization": "Bearer …" }');
  const root = document.getElementById("root");
  if (!root) return;
  createRoot(root).render(
    <GraphiQL
      fetcher={fetcher}
      schema={schema}
      defaultQuery={QUERY}
      initialHeaders={filled}
      defaultHeaders={filled}
      defaultEditorToolsVisibility="headers"
      inputValueDeprecation
    />,
  );
}

void start();
