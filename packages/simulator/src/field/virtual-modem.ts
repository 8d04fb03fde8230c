import type { ByteStream, Clock } from "@energsys/protocols";
import { type ImpairedStream, impair } from "../faults/impaired-stream.ts";
import { type LinkProfile, linkProfiles } from "../faults/link-profile.ts";

/** What happens when a number is dialled. */
export type Subscriber =
  /** Somebody answers after some rings; `answer` gives the line to them. */
  | { readonly kind: "answers"; readonly afterMs: number; readonly answer: () => ByteStream }
  | { readonly kind: "busy" | "no-answer" | "no-carrier" };

export interface VirtualModemOptions {
  readonly clock: Clock;
  /** Who has which number; whoever is not there gives no carrier. */
  readonly subscribers: ReadonlyMap<string, Subscriber>;
  /** Of the connection between the modems; a data call of 9600 bit/s unless told. */
  readonly profile?: LinkProfile;
  readonly seed?: number;
  /** `fixed` has a dial tone to miss, `gsm` a SIM card and a network. */
  readonly network?: "gsm" | "fixed";
  /** What is wrong with its own side. */
  readonly fault?: "no-network" | "no-sim" | "no-dialtone";
  /** Carrier came or went: the DCD line. */
  readonly onCarrier?: (carrier: boolean) => void;
}

const results = {
  ok: [0, "OK"],
  connect: [1, "CONNECT"],
  ring: [2, "RING"],
  noCarrier: [3, "NO CARRIER"],
  error: [4, "ERROR"],
  noDialtone: [6, "NO DIALTONE"],
  busy: [7, "BUSY"],
  noAnswer: [8, "NO ANSWER"],
} as const;
type Result = keyof typeof results;

const commandLengthMax = 160;
const guardMs = 1000;
const busyMs = 2500;
const noCarrierMs = 6000;
const ringEveryMs = 3000;
const dataCall: LinkProfile = { latencyMs: 180, jitterMs: 60, bytesPerSecond: 960 };

/**
 * A modem with AT commands (ITU-T V.250, GSM 07.07) as its computer sees it: it dials data calls, tells what became of them, and is
 * left by `+++` between two silences of a second.
 */
export class VirtualModem {
  readonly #computer: ByteStream;
  readonly #options: VirtualModemOptions;
  #state: "command" | "dialling" | "data" | "escaped" = "command";
  #line = "";
  #echo = true;
  #quiet = false;
  #verbose = true;
  #autoAnswerRings = 0;
  #waitSeconds = 60;
  #call: ImpairedStream | undefined;
  #calls = 0;
  #ringing: { readonly far: ByteStream; rings: number } | undefined;
  #cancel: (() => void) | undefined;
  #cancelRing: (() => void) | undefined;
  #lastHeardMs = Number.NEGATIVE_INFINITY;
  #pluses = 0;
  #cancelEscape: (() => void) | undefined;
  /** Numbers as they were dialled, and the command lines that came. */
  readonly dialled: string[] = [];
  readonly commands: string[] = [];

  constructor(computer: ByteStream, options: VirtualModemOptions) {
    this.#computer = computer;
    this.#options = options;
    computer.onBytes((bytes) => this.#receive(bytes));
    // The computer is gone, and DTR with it.
    computer.onEnd(() => this.#drop());
  }

  get carrier(): boolean {
    return this.#call !== undefined;
  }

  /** The connection is lost, as in a tunnel or when the other side hangs up. */
  lose(): void {
    if (!this.#call) return;
    this.#drop();
    this.#say("noCarrier");
  }

  /** Somebody calls; their line is taken over once it is answered. */
  ring(far: ByteStream): void {
    if (this.#call || this.#ringing) return;
    this.#ringing = { far, rings: 0 };
    this.#ringOnce();
  }

  #ringOnce(): void {
    if (!this.#ringing) return;
    this.#ringing.rings += 1;
    this.#say("ring");
    if (this.#autoAnswerRings > 0 && this.#ringing.rings >= this.#autoAnswerRings) this.#answer();
    else this.#cancelRing = this.#options.clock.after(ringEveryMs, () => this.#ringOnce());
  }

  #answer(): void {
    const far = this.#ringing?.far;
    this.#ringing = undefined;
    this.#cancelRing?.();
    if (far) this.#connect(far);
    else this.#say("noCarrier");
  }

  #receive(bytes: Uint8Array): void {
    const now = this.#options.clock.now();
    const silent = now - this.#lastHeardMs;
    this.#lastHeardMs = now;
    if (this.#state === "data") this.#data(bytes, silent);
    else for (const byte of bytes) this.#character(byte & 0x7f);
  }

  /** What the computer sends during a call goes to the other side, three pluses between silences to the modem. */
  #data(bytes: Uint8Array, silentMs: number): void {
    const text = String.fromCharCode(...bytes.subarray(0, 4).map((byte) => byte & 0x7f));
    const isPlus = /^\+{1,3}$/.test(text) && bytes.length <= 3;
    this.#cancelEscape?.();
    if (isPlus && (silentMs >= guardMs || this.#pluses > 0) && this.#pluses + bytes.length <= 3) {
      this.#pluses += bytes.length;
    } else this.#pluses = 0;
    if (this.#pluses === 3) {
      this.#cancelEscape = this.#options.clock.after(guardMs, () => {
        this.#pluses = 0;
        this.#state = "escaped";
        this.#say("ok");
      });
    }
    this.#call?.write(bytes);
  }

  #character(code: number): void {
    if (this.#state === "dialling") {
      // Any character ends the dialling.
      this.#cancel?.();
      this.#state = "command";
      this.#say("noCarrier");
      return;
    }
    if (this.#echo) this.#computer.write(Uint8Array.of(code));
    if (code === 0x08) this.#line = this.#line.slice(0, -1);
    else if (code !== 0x0d) this.#line = (this.#line + String.fromCharCode(code)).slice(-commandLengthMax);
    else {
      const line = this.#line.trim();
      this.#line = "";
      const at = line.toUpperCase().lastIndexOf("AT");
      if (at >= 0)
        this.#carryOut(
          line
            .slice(at + 2)
            .replace(/\s/g, "")
            .toUpperCase(),
        );
    }
  }

  /** A command line: basic commands after each other, extended ones up to a semicolon. */
  #carryOut(line: string): void {
    this.commands.push(line);
    let rest = line;
    while (rest !== "") {
      const dial = /^D([TP]?)([0-9+*#,ABCDW!@]*);?$/.exec(rest);
      if (dial) {
        this.#dial(dial[2] ?? "");
        return;
      }
      if (rest === "A") {
        this.#answer();
        return;
      }
      if (rest === "O" || rest === "O0") {
        if (!this.#call) this.#say("noCarrier");
        else this.#enterData();
        return;
      }
      const taken = this.#basic(rest);
      if (taken === undefined) {
        this.#say("error");
        return;
      }
      rest = rest.slice(taken);
    }
    this.#say("ok");
  }

  /** Carries one command out; gives its length, `undefined` for one that is not known. */
  #basic(rest: string): number | undefined {
    const extended = /^\+([A-Z]+)(=\?|\?|=[^;]*)?;?/.exec(rest);
    if (extended)
      return this.#extended(extended[1] ?? "", extended[2] ?? "") ? extended[0].length : undefined;
    const register = /^S(\d{1,3})(=(\d{1,3})|\?)/.exec(rest);
    if (register) {
      this.#register(Number(register[1]), register[3]);
      return register[0].length;
    }
    const basic = /^(&?[A-Z])(\d{0,3})/.exec(rest);
    if (!basic) return undefined;
    const [whole, letter, digits] = basic;
    const value = Number(digits);
    switch (letter) {
      case "E":
        this.#echo = value === 1;
        break;
      case "Q":
        this.#quiet = value === 1;
        break;
      case "V":
        this.#verbose = value === 1;
        break;
      case "Z":
      case "&F":
        this.#drop();
        this.#echo = true;
        this.#quiet = false;
        this.#verbose = true;
        this.#autoAnswerRings = 0;
        break;
      case "H":
        this.#drop();
        break;
      case "I":
        this.#write("\r\nENERGSys virtual modem\r\n");
        break;
      case "X":
      case "L":
      case "M":
      case "&C":
      case "&D":
      case "&K":
      case "&S":
      case "&W":
        break;
      default:
        return undefined;
    }
    return whole.length;
  }

  #register(number: number, value: string | undefined): void {
    if (value === undefined) {
      const now = number === 0 ? this.#autoAnswerRings : number === 7 ? this.#waitSeconds : 0;
      this.#write(`\r\n${String(now).padStart(3, "0")}\r\n`);
    } else if (number === 0) this.#autoAnswerRings = Number(value);
    else if (number === 7) this.#waitSeconds = Number(value);
  }

  /** Extended commands of a GSM modem. */
  #extended(name: string, argument: string): boolean {
    if (this.#options.network === "fixed") return false;
    const { fault } = this.#options;
    // 1 at home, 2 searching, 0 not even looking for a network.
    const registration = fault === undefined ? 1 : fault === "no-network" ? 2 : 0;
    const information: Readonly<Record<string, string>> = {
      CSQ: `+CSQ: ${registration === 1 ? 18 : 99},99`,
      CREG: `+CREG: 0,${registration}`,
      CPIN: "+CPIN: READY",
      CGMI: "ENERGSys",
    };
    const settings = ["CBST", "CSNS", "CMEE", "CREG", "CPIN", "CR", "CRC", "COPS"];
    if (argument.startsWith("=")) return settings.includes(name);
    const text = information[name];
    if (text === undefined) return false;
    this.#write(`\r\n${text}\r\n`);
    return true;
  }

  #dial(text: string): void {
    const number = text.replace(/[,W!@]/g, "");
    const { subscribers, fault } = this.#options;
    this.dialled.push(number);
    const subscriber = subscribers.get(number);
    const waitMs = this.#waitSeconds * 1000;
    if (this.#call) this.#say("error");
    else if (fault === "no-sim") this.#write("\r\n+CME ERROR: 10\r\n");
    else if (fault === "no-network") this.#write("\r\n+CME ERROR: 30\r\n");
    else if (fault === "no-dialtone") this.#becomes("noDialtone", 1000);
    else if (subscriber?.kind === "busy") this.#becomes("busy", busyMs);
    else if (subscriber?.kind === "no-answer") this.#becomes("noAnswer", waitMs);
    else if (subscriber?.kind !== "answers") this.#becomes("noCarrier", noCarrierMs);
    else if (subscriber.afterMs > waitMs) this.#becomes("noCarrier", waitMs);
    else {
      this.#state = "dialling";
      this.#cancel = this.#options.clock.after(subscriber.afterMs, () => this.#connect(subscriber.answer()));
    }
  }

  /** What the dialling comes to, after a while. */
  #becomes(result: Result, afterMs: number): void {
    this.#state = "dialling";
    this.#cancel = this.#options.clock.after(afterMs, () => {
      this.#state = "command";
      this.#say(result);
    });
  }

  #connect(far: ByteStream): void {
    const { clock, seed = 1, profile = dataCall, onCarrier } = this.#options;
    this.#calls += 1;
    const call = impair(far, profile, clock, seed + this.#calls);
    this.#call = call;
    call.onBytes((bytes) => {
      // While it takes commands, what comes is kept from the computer and lost.
      if (this.#state === "data") this.#computer.write(bytes);
    });
    call.onEnd(() => {
      if (this.#call === call) this.lose();
    });
    onCarrier?.(true);
    this.#enterData();
  }

  #enterData(): void {
    this.#say("connect");
    this.#state = "data";
    this.#lastHeardMs = this.#options.clock.now();
  }

  /** On the hook, without a word. */
  #drop(): void {
    this.#cancel?.();
    this.#cancelEscape?.();
    const call = this.#call;
    this.#call = undefined;
    this.#state = "command";
    this.#pluses = 0;
    if (!call) return;
    call.close();
    this.#options.onCarrier?.(false);
  }

  #say(result: Result): void {
    if (this.#quiet) return;
    const [number, word] = results[result];
    const rate = result === "connect" && this.#options.profile !== linkProfiles.clean ? " 9600" : "";
    this.#write(this.#verbose ? `\r\n${word}${rate}\r\n` : `${number}\r`);
  }

  #write(text: string): void {
    this.#computer.write(Uint8Array.from(text, (character) => character.charCodeAt(0)));
  }
}
