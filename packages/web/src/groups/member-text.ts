/** A point by its code, as a person types it or a file has it. */
export interface MemberLine {
  readonly pod: string;
  readonly sign: 1 | -1;
}

const heads = new Set(["pod", "cod", "code", "grup", "group"]);

/**
 * Codes out of text: one a line, with an optional sign after a semicolon, comma or tab; or a file exported from a group's page, whose
 * first line names the columns. Of a code that comes twice the last line counts.
 */
export function membersOf(text: string): MemberLine[] {
  const lines = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .map((line) => line.split(/[;,\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/, "$1")))
    .filter((cells) => cells.some((cell) => cell !== ""));
  const first = (lines[0] ?? []).map((cell) => cell.toLowerCase());
  const podAt = first.indexOf("pod");
  const isFile = podAt >= 0 && first.length > 1;
  const signAt = isFile ? first.findIndex((cell) => cell === "semn" || cell === "sign") : 1;
  const found = new Map<string, MemberLine>();
  for (const cells of isFile ? lines.slice(1) : lines) {
    const pod = cells[isFile ? podAt : 0] ?? "";
    if (pod === "" || heads.has(pod.toLowerCase())) continue;
    const sign = /^[-−]\s*1?$/.test(cells[signAt] ?? "") ? -1 : 1;
    found.set(pod, { pod, sign });
  }
  return [...found.values()];
}
