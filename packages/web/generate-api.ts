// Writes src/api/generated/paths.ts from docs/openapi.json; with --check only says whether it is current.
import { readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const description = new URL("../../docs/openapi.json", import.meta.url);
const target = new URL("src/api/generated/paths.ts", import.meta.url);

/** The types of every call, as text. */
export async function generate(): Promise<string> {
  const nodes = await openapiTS(JSON.parse(readFileSync(description, "utf8")));
  return `// Made from docs/openapi.json by generate-api.ts: do not edit.\n${astToString(nodes)}`;
}

if (process.argv[1]?.endsWith("generate-api.ts")) {
  const text = await generate();
  if (process.argv.includes("--check")) {
    if (readFileSync(target, "utf8") !== text) {
      console.error("src/api/generated/paths.ts is older than docs/openapi.json: run generate-api.ts");
      process.exitCode = 1;
    }
  } else writeFileSync(target, text);
}
