import { connect } from "node:net";

/** A supply unit of this machine's room, as a server of Network UPS Tools knows it. */
export interface UpsPlace {
  readonly host: string;
  readonly port: number;
  readonly name: string;
}

export interface UpsState {
  readonly chargePercent: number | null;
  readonly runtimeSeconds: number | null;
  /** Why somebody should hurry; null on mains with a good battery. */
  readonly code: UpsCode | null;
}

export type UpsCode = "ups.away" | "ups.on-battery" | "ups.battery-low" | "ups.replace-battery";

const answerMs = 3_000;
const answerMax = 16_384;
const defaultPort = 3_493;
const away: UpsState = { chargePercent: null, runtimeSeconds: null, code: "ups.away" };

/** `nut://host[:port]/name`, or `undefined`. */
export function upsPlaceOf(url: string): UpsPlace | undefined {
  const [, bracketed, plain, port, name] =
    /^nut:\/\/(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]+))(?::(\d{1,5}))?\/([A-Za-z0-9._-]{1,64})$/.exec(url) ??
    [];
  if (name === undefined || Number(port ?? 1) > 65_535) return undefined;
  return { host: (bracketed ?? plain) as string, port: Number(port ?? defaultPort), name };
}

/**
 * Asks for the variables of a unit: status, charge in percent, runtime in seconds (RFC 9271, 4.2.4.3 and 5.1). Whatever goes wrong is `ups.away`:
 * a supply that nobody sees is no good supply.
 */
export async function askUps({ host, port, name }: UpsPlace): Promise<UpsState> {
  const text = await exchange(host, port, `LIST VAR ${name}\nLOGOUT\n`, `END LIST VAR ${name}\n`);
  if (text === undefined) return away;
  const variables = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, variable, value] = /^VAR \S+ (\S+) "(.*)"$/.exec(line) ?? [];
    if (variable !== undefined && value !== undefined) variables.set(variable, value);
  }
  const status = variables.get("ups.status")?.split(" ");
  if (!status) return away;
  return {
    chargePercent: numberOf(variables.get("battery.charge")),
    runtimeSeconds: numberOf(variables.get("battery.runtime")),
    code: codeOf(new Set(status)),
  };
}

/** OL on line, OB on battery, LB battery low, FSD forced shutdown, RB replace battery (RFC 9271, 5.1). */
function codeOf(status: ReadonlySet<string>): UpsCode | null {
  if (status.has("LB") || status.has("FSD")) return "ups.battery-low";
  if (status.has("OB")) return "ups.on-battery";
  if (status.has("RB")) return "ups.replace-battery";
  return status.has("OL") ? null : "ups.away";
}

function numberOf(text: string | undefined): number | null {
  if (text === undefined || !/^\d{1,9}(\.\d{1,6})?$/.test(text)) return null;
  return Math.round(Number(text));
}

/** What is said up to `end`; `undefined` when it does not come whole in time. */
function exchange(host: string, port: number, asked: string, end: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let text = "";
    const finish = (whole: string | undefined) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(whole);
    };
    const timer = setTimeout(() => finish(undefined), answerMs);
    socket.setEncoding("latin1");
    socket.on("connect", () => socket.write(asked));
    socket.on("data", (part: string) => {
      text += part;
      if (text.includes(end)) finish(text);
      else if (text.length > answerMax || /^ERR /m.test(text)) finish(undefined);
    });
    socket.on("error", () => finish(undefined));
    socket.on("close", () => finish(undefined));
  });
}
