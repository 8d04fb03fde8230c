// `npm run pictures`: takes the pictures of the documentation anew, on the pinned Node (e2e/pictures.ts).
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { pinnedNode } from "./pinned-node.mjs";

const program = fileURLToPath(new URL("../e2e/pictures.ts", import.meta.url));
process.exit(spawnSync(pinnedNode(), [program, ...process.argv.slice(2)], { stdio: "inherit" }).status ?? 1);
