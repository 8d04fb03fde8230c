import type { ByteStream, LineSettings } from "@energsys/protocols";
import type { StageClock } from "./stage.ts";

type Damage = (bytes: Uint8Array, nth: number) => Uint8Array;

/** One end of a wire between two programs; `settings` are those it was given so far. */
export interface WireEnd extends ByteStream {
  readonly settings: LineSettings[];
  readonly sent: Uint8Array[];
  closed: boolean;
}

const sameForm = (a: LineSettings, b: LineSettings): boolean =>
  a.baudRate === b.baudRate && a.dataBits === b.dataBits && a.parity === b.parity;

/**
 * A serial wire by a stage clock: characters take their time at the rate of the sender, and come out wrong when the other
 * end is set to another rate or form. With `socket`, ends cannot be set and bytes come at once.
 */
export function wire(
  clock: StageClock,
  options: { socket?: boolean; echo?: boolean; toReader?: Damage; toMeter?: Damage } = {},
): { reader: WireEnd; meter: WireEnd } {
  const first: LineSettings = { baudRate: 300, dataBits: 7, parity: "even" };
  const make = () => {
    const hearers: ((bytes: Uint8Array) => void)[] = [];
    const ends: ((cause?: Error) => void)[] = [];
    return { hearers, ends, settings: [first], sent: [] as Uint8Array[], busyUntil: 0, nth: 0 };
  };
  const sides = { reader: make(), meter: make() };
  const endOf = (name: "reader" | "meter", damage: Damage | undefined): WireEnd => {
    const own = sides[name];
    const other = sides[name === "reader" ? "meter" : "reader"];
    const hear = (bytes: Uint8Array, listeners: readonly ((bytes: Uint8Array) => void)[]): void => {
      for (const listener of listeners) listener(bytes);
    };
    return {
      settings: own.settings,
      sent: own.sent,
      closed: false,
      write(bytes) {
        if (this.closed) return;
        own.sent.push(bytes.slice());
        const settings = own.settings.at(-1)!;
        const rateMs = options.socket ? 0 : (bytes.length * 10_000) / settings.baudRate;
        own.busyUntil = Math.max(own.busyUntil, clock.now()) + rateMs;
        const carried = damage ? damage(bytes.slice(), own.nth++) : bytes.slice();
        clock.after(own.busyUntil - clock.now(), () => {
          const right = options.socket || sameForm(settings, other.settings.at(-1)!);
          if (options.echo && name === "reader") hear(bytes.slice(), own.hearers);
          hear(right ? carried : carried.map((byte) => byte ^ 0xd5), other.hearers);
        });
      },
      onBytes: (listener) => own.hearers.push(listener),
      onEnd: (listener) => own.ends.push(listener),
      close() {
        if (this.closed) return;
        this.closed = true;
        for (const end of [...own.ends, ...other.ends]) end();
      },
      ...(options.socket
        ? {}
        : { setLine: async (settings: LineSettings) => void own.settings.push(settings) }),
    };
  };
  return { reader: endOf("reader", options.toMeter), meter: endOf("meter", options.toReader) };
}

/** Lets time pass until `work` is done. */
export async function played<Result>(clock: StageClock, work: Promise<Result>): Promise<Result> {
  let done = false;
  const settled = work.finally(() => {
    done = true;
  });
  settled.catch(() => undefined);
  for (let turn = 0; turn < 5000 && !done; turn++) await clock.pass(50);
  return settled;
}
