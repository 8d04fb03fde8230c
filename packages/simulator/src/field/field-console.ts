import { type Interference, interferences } from "../meter/interference.ts";
import type { FieldSite } from "./field-site.ts";

/** What can be done to a site by a line of text, as a test or a technician types it. */
const acts: readonly {
  readonly form: string;
  readonly pattern: RegExp;
  readonly run: (site: FieldSite, words: readonly string[]) => void;
}[] = [
  {
    form: "mains VOLTS",
    pattern: /^mains (\d{1,3}(?:\.\d)?)$/,
    run: (site, [volts]) => site.supply.setMains(Number(volts)),
  },
  {
    form: "door MODULE 1|2 open|closed",
    pattern: /^door (\d{1,8}) ([12]) (open|closed)$/,
    run: (site, [serial, door, to]) =>
      moduleOf(site, serial).module.setDoor(door === "1" ? 1 : 2, to === "closed"),
  },
  {
    form: `meter MODULE INPUT ${interferences.join("|")} on|off`,
    pattern: new RegExp(`^meter (\\d{1,8}) (\\d{1,2}) (${interferences.join("|")}) (on|off)$`),
    run: (site, [serial, input, what, on]) => {
      const meter = moduleOf(site, serial).meters[Number(input) - 1];
      if (!meter) throw new RangeError(`no input ${input}`);
      meter.interfere(what as Interference, on === "on");
    },
  },
  {
    form: "wire MODULE INPUT broken|mended",
    pattern: /^wire (\d{1,8}) (\d{1,2}) (broken|mended)$/,
    run: (site, [serial, input, to]) =>
      moduleOf(site, serial).module.breakPulseLine(Number(input), to === "broken"),
  },
  {
    form: "relay MODULE INPUT jammed|free",
    pattern: /^relay (\d{1,8}) (\d{1,2}) (jammed|free)$/,
    run: (site, [serial, input, to]) =>
      moduleOf(site, serial).module.jamRelay(Number(input), to === "jammed"),
  },
  {
    form: "restart MODULE",
    pattern: /^restart (\d{1,8})$/,
    run: (site, [serial]) => moduleOf(site, serial).module.restart(),
  },
  {
    form: "cut PLACE (0 = before the first)",
    pattern: /^cut (\d{1,3})$/,
    run: (site, [place]) => site.bus.cut(Number(place)),
  },
  { form: "short", pattern: /^short$/, run: (site) => site.bus.short() },
  { form: "mend", pattern: /^mend$/, run: (site) => site.bus.mend() },
  {
    form: "noise FLIPS-PER-BYTE",
    pattern: /^noise (\d(?:\.\d+)?(?:e-\d+)?)$/,
    run: (site, [flips]) => {
      site.bus.flipsPerByte = Number(flips);
    },
  },
];

/** Does what a line says; gives `ok`, or what is wrong with it. */
export function actOn(site: FieldSite, line: string): string {
  const text = line.trim();
  for (const { pattern, run } of acts) {
    const found = pattern.exec(text);
    if (!found) continue;
    try {
      run(site, found.slice(1));
      return "ok";
    } catch (error) {
      return error instanceof RangeError ? error.message : String(error);
    }
  }
  return `one of: ${acts.map(({ form }) => form).join("; ")}`;
}

function moduleOf(site: FieldSite, serial = "") {
  const found = site.modules.get(serial);
  if (!found) throw new RangeError(`no module ${serial}`);
  return found;
}
