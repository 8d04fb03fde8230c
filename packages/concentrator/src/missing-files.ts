import { accessSync, constants } from "node:fs";
import { dirname } from "node:path";
import type { ConcentratorConfig } from "./config.ts";

/** What a configuration names and this machine does not have, or this user may not use. The configuration may be meant for another machine. */
export function missingFiles({ centre, lines, console, modem, store }: ConcentratorConfig): string[] {
  const serial = [
    ...lines.map(({ place }, index) => [`lines[${index}].url`, place] as const),
    ["console.serial", console?.serial] as const,
    ["modem.url", modem?.place] as const,
  ];
  const named: (readonly [where: string, path: string, mode: number])[] = [
    ...Object.entries(centre.tls ?? {}).map(
      ([kind, path]) => [`centre.tls.${kind}`, path, constants.R_OK] as const,
    ),
    ...serial.flatMap(([where, place]) =>
      place?.kind === "serial" ? [[where, place.path, constants.R_OK | constants.W_OK] as const] : [],
    ),
    ...(store.path === ":memory:" ? [] : [["store.path", dirname(store.path), constants.W_OK] as const]),
  ];
  return named.flatMap(([where, path, mode]) => {
    try {
      accessSync(path, mode);
      return [];
    } catch (error) {
      return [`${where}: ${path}: ${(error as { code?: string }).code ?? "cannot be used"}`];
    }
  });
}
