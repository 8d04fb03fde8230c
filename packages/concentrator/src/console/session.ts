import type { ByteStream } from "@energsys/protocols";
import { type ConsoleSubject, help, runCommand } from "./commands.ts";
import { type Language, languages, wordOf } from "./words.ts";

const lineLengthMax = 200;
const prompt = "> ";
const encoder = new TextEncoder();

/** One technician at the console: lines of text in, lines of text out. The first command of a session is an event (0x0402). */
export class ConsoleSession {
  readonly #stream: ByteStream;
  readonly #subject: ConsoleSubject;
  readonly #place: string;
  #language: Language = "ro";
  #typed = "";
  #used = false;
  #turn: Promise<void> = Promise.resolve();

  /** @param place where it is used from, for the event; on a port of this machine nobody has proved who they are */
  constructor(stream: ByteStream, subject: ConsoleSubject, place: string) {
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
        const line = this.#typed.trim();
        this.#typed = "";
        if (line !== "") this.#turn = this.#turn.then(() => this.#answer(line));
      } else if (byte === 0x08 || byte === 0x7f) {
        this.#typed = this.#typed.slice(0, -1);
      } else if (byte >= 0x20 && byte < 0x7f && this.#typed.length < lineLengthMax) {
        this.#typed += String.fromCharCode(byte);
      }
    }
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
