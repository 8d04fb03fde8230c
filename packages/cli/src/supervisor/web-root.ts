import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CliError } from "../cli-error.ts";

/** The built web application. @throws CliError `web.not-built` */
export function findWebRoot(): string {
  const manifest = fileURLToPath(import.meta.resolve("@energsys/web/package.json"));
  const root = manifest.replace(/package\.json$/, "dist");
  if (!existsSync(`${root}/index.html`)) {
    throw new CliError("web.not-built", 'the web application is not built; run "npm run prestart"');
  }
  return root;
}
