import type { Rule } from "./rule.ts";
import { clock } from "./v01-clock.ts";
import { identity } from "./v02-identity.ts";
import { gap } from "./v03-gap.ts";
import { deliveryStatus } from "./v04-delivery-status.ts";
import { duplicate } from "./v05-duplicate.ts";
import { future } from "./v06-future.ts";
import { overflow } from "./v07-overflow.ts";
import { testMode } from "./v08-test-mode.ts";
import { sum } from "./v09-sum.ts";
import { spike } from "./v10-spike.ts";
import { highLow } from "./v11-high-low.ts";
import { limit } from "./v12-limit.ts";
import { reactivePower } from "./v13-reactive.ts";
import { zero } from "./v14-zero.ts";
import { consumptionWhileOpen } from "./v15-open.ts";
import { direction } from "./v16-direction.ts";
import { frozen } from "./v17-frozen.ts";
import { registerStep } from "./v18-register.ts";
import { outageCheck } from "./v19-outage.ts";
import { rates } from "./v20-rates.ts";
import { partner } from "./v21-partner.ts";

/** Every rule, complete by its code; a new rule is a file and a line here. */
const byCode = {
  V01: clock,
  V02: identity,
  V03: gap,
  V04: deliveryStatus,
  V05: duplicate,
  V06: future,
  V07: overflow,
  V08: testMode,
  V09: sum,
  V10: spike,
  V11: highLow,
  V12: limit,
  V13: reactivePower,
  V14: zero,
  V15: consumptionWhileOpen,
  V16: direction,
  V17: frozen,
  V18: registerStep,
  V19: outageCheck,
  V20: rates,
  V21: partner,
} as const;

export type RuleCode = keyof typeof byCode;
export const ruleCodes = Object.keys(byCode) as readonly RuleCode[];
export const validationRules: Readonly<Record<RuleCode, Rule>> = byCode;
