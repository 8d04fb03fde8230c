import { energyFunctions } from "./energy.ts";
import { intervalFunctions } from "./interval.ts";
import { periodFunctions } from "./period.ts";
import type { FunctionRule } from "./rule.ts";
import { timeFunctions } from "./time.ts";

/** Every function of the language by name. */
export const formulaFunctions: ReadonlyMap<string, FunctionRule> = new Map(
  [...intervalFunctions, ...periodFunctions, ...timeFunctions, ...energyFunctions].map((rule) => [
    rule.name,
    rule,
  ]),
);
