import type { ByteStream } from "@energsys/protocols";
import { type ConsoleSubject, help, runCommand } from "./commands.ts";
import { type Language, languages, wordOf } from "./words.ts";

const lineLengthMax = 200;
const prompt = "> ";
const carriageReturn = 0x0d;
const encoder = new TextEncoder();

/** One technician at the console: lines of text in, lines of text out. The first command of a session is an event (0x0402). */
export class ConsoleSession {
  readonly #stream: ByteStream;
  readonly #subject: ConsoleSubject;
  readonly #place: string;
  /** A terminal on a serial port shows only what comes back; `nc` and its like show what is typed themselves. */
  readonly #echo: boolean;
  #last = 0;
  #language: Language = "ro";
  #typed = "";
  #used = false;
  #turn: Promise<void> = Promise.resolve();

  /** @param place where it is used from, for the event; on a port of this machine nobody has proved who they are */
  constructor(stream: ByteStream, subject: ConsoleSubject, place: string, { echo = false } = {}) {
    this.#echo = echo;
    this.#stream = stream;
    this.#subject = subject;
    this.#place = place;
    stream.onBytes((chunk) => this.#receive(chunk));
    stream.onEnd(() => {});
    this.#write([`ENERGSys ${subject.core.identity}`, wordOf("welcome", "ro"), wordOf("welcome", "en")]);
  }

  #receive(chunk: Uint8Array): void {
    for (const byte of chunk) {
      if (byte === 0x0d || byte === 0x0a) {
        // CR LF is one end of a line.
        if (byte === 0x0d || this.#last !== carriageReturn) this.#ended();
      } else if (byte === 0x08 || byte === 0x7f) {
        if (this.#typed !== "") this.#show("\b \b");
        this.#typed = this.#typed.slice(0, -1);
      } else if (byte >= 0x20 && byte < 0x7f && this.#typed.length < lineLengthMax) {
        const character = String.fromCharCode(byte);
        this.#typed += character;
        this.#show(character);
      }
      this.#last = byte;
    }
  }

  #ended(): void {
    const line = this.#typed.trim();
    this.#typed = "";
    if (line !== "") {
      this.#show("\r\n");
      this.#turn = this.#turn.then(() => this.#answer(line));
    } else this.#show(`\r\n${prompt}`);
  }

  #show(text: string): void {
    if (this.#echo) this.#stream.write(encoder.encode(text));
  }

  async #answer(line: string): Promise<void> {
    if (!this.#used) {
      this.#used = true;
      this.#subject.edge.recordEvent(0x0402, this.#place);
    }
    const words = line.split(/\s+/);
    const [command = "", argument] = words;
    if (["iesire", "exit", "quit"].includes(command)) {
      this.#stream.write(encoder.encode(`${wordOf("bye", this.#language)}\r\n`));
      this.#stream.close();
      return;
    }
    if (command === "help" || command === "ajutor") {
      this.#language = command === "ajutor" ? "ro" : "en";
      this.#write(help(this.#language));
    } else if (command === "limba" || command === "language") {
      this.#language = languages.find((one) => one === argument) ?? this.#language;
      this.#write([wordOf("english", this.#language)]);
    } else {
      try {
        this.#write(await runCommand({ ...this.#subject, language: this.#language, words }));
      } catch (error) {
        this.#write([`${wordOf("failed", this.#language)}: ${(error as Error).message}`.slice(0, 80)]);
      }
    }
  }

  #write(lines: readonly string[]): void {
    this.#stream.write(encoder.encode(`${lines.join("\r\n")}\r\n${prompt}`));
  }
}
