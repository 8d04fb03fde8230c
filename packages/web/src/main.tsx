import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/blocks.css";
import "./styles/door.css";
import "./styles/table.css";
import "./styles/charts.css";
import "./styles/point.css";
import "./styles/operations.css";
import "./styles/validation.css";
import "./text/browser-language.ts";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { translator } from "./text/provider.tsx";
import { firstLanguage } from "./text/settings.ts";

const root = document.getElementById("root")!;
// Every time on the screen goes through Temporal; a browser without it would show none.
if (typeof Temporal === "undefined") root.textContent = translator(firstLanguage(), "UTC")("app.too-old");
else createRoot(root).render(<App />);
