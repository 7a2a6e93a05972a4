import "graphiql/setup-workers/vite";
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { createClient } from "graphql-ws";
import { createRoot } from "react-dom/client";
import "graphiql/style.css";
import "./graphiql.css";

const root = document.getElementById("root");
if (root) createRoot(root).render(<p>GraphiQL</p>);
void createGraphiQLFetcher;
void GraphiQL;
void createClient;
