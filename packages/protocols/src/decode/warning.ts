/** A warning of an explanation: code of docs/errors.md, place, and what a reader of it should know. */
export function warn(code: string, offset: number, detail?: string): string {
  return detail === undefined ? `${code} at byte ${offset}` : `${code} at byte ${offset}: ${detail}`;
}
