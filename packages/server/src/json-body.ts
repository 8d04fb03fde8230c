import type { FastifyInstance } from "fastify";
import { Problem } from "./problem.ts";

/** Takes JSON bodies only, no deeper than `depthMax`, none that would set a prototype; an empty one is no body. */
export function readJson(app: FastifyInstance, depthMax: number): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body === "") return done(null, undefined);
    parse(request, body as string, (error, value) => {
      if (error) done(new Problem("input.invalid", { detail: "The body is not JSON" }, error));
      else if (isDeeper(value, depthMax))
        done(new Problem("input.invalid", { detail: `Nested deeper than ${depthMax}` }));
      else done(null, value);
    });
  });
}

/** Walks level by level, so that no depth can overflow the stack. */
function isDeeper(value: unknown, depthMax: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > depthMax) return true;
    level = level.flatMap((each) => (typeof each === "object" && each !== null ? Object.values(each) : []));
  }
  return false;
}
