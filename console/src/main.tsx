import { createRoot } from "react-dom/client";
import "./app/firstStyles.css";
import "./app/app.css";
import { App } from "./app/App";
import { ready } from "./i18n";

const root = document.getElementById("root");
if (root) void ready.then(() => createRoot(root).render(<App />));
