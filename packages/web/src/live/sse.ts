/** One piece of an event stream: comments carry nothing but the proof that the other side is there. */
export type SsePiece =
  | { readonly kind: "comment" }
  | {
      readonly kind: "event";
      readonly event: string;
      readonly data: string;
      readonly id: string | undefined;
    };

/**
 * Takes an event stream apart (HTML standard, 9.2.6), however its text is cut. `EventSource` would do as well, but it
 * hides the comments, and with them whether a silent stream is quiet or dead.
 */
export class SseParser {
  #rest = "";
  #event = "";
  #data: string[] = [];
  #id: string | undefined;

  push(text: string): SsePiece[] {
    const pieces: SsePiece[] = [];
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#take(line, pieces);
    return pieces;
  }

  #take(line: string, pieces: SsePiece[]): void {
    if (line === "") {
      if (this.#data.length > 0 || this.#event !== "")
        pieces.push({
          kind: "event",
          event: this.#event || "message",
          data: this.#data.join("\n"),
          id: this.#id,
        });
      this.#event = "";
      this.#data = [];
      return;
    }
    const colon = line.indexOf(":");
    if (colon === 0) {
      pieces.push({ kind: "comment" });
      return;
    }
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (name === "event") this.#event = value;
    else if (name === "data") this.#data.push(value);
    else if (name === "id" && !value.includes("\0")) this.#id = value;
  }
}
