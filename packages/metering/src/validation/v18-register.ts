import { quality } from "../quality.ts";
import { formatScaled } from "./figures.ts";
import { rule } from "./rule.ts";
import { slotsWhere } from "./select.ts";

/** A register that went back: a roll-over where the meter could have counted that much, a fault otherwise (`indexStep`). */
export const registerStep = rule({
  code: "V18",
  about: "roll-over or decrease of a register",
  severity: "F",
  thresholds: {},
  check({ register, values, flags, scale }, { seen }, _at, report) {
    if ((seen & quality.decreased) !== 0) {
      const slots = slotsWhere(values.length, (slot) => (flags[slot]! & quality.decreased) !== 0);
      if (slots) report.add({ words: "decreased", slots });
    }
    if (register?.decreased) report.add({ words: "register-decreased" });
    else if (register?.rolledOver) {
      const measured = { value: formatScaled(register.step, scale), unit: "Wh" };
      report.add({ severity: "I", words: "rolled-over", measured });
    }
  },
});
