import type { Tariff, TariffTerms } from "../api/client.ts";
import { download } from "../parts/download.ts";

/** What a file of tariffs says, as `energsys tariffs export` writes it and `import` takes it. */
interface TariffFile {
  readonly code: string;
  readonly name: string;
  readonly versions: readonly {
    readonly validFrom: string;
    readonly validTo?: string;
    readonly terms: TariffTerms;
  }[];
}

export function saveTariffFile({ code, name, versions }: Pick<Tariff, "code" | "name" | "versions">): void {
  const file: TariffFile = {
    code,
    name,
    versions: versions.map(({ validFrom, validTo, terms }) => ({
      validFrom,
      ...(validTo === null ? {} : { validTo }),
      terms,
    })),
  };
  download(new Blob([`${JSON.stringify([file], null, 2)}\n`], { type: "application/json" }), `${code}.json`);
}

/** The version of a file that begins last: of the tariff with this code, or of the only one. `undefined` where there is none. */
export function termsInFile(text: string, code: string): TariffTerms | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  const list = (Array.isArray(parsed) ? parsed : [parsed]) as readonly (Partial<TariffFile> | null)[];
  const found = list.find((one) => one?.code === code) ?? (list.length === 1 ? list[0] : undefined);
  const versions = Array.isArray(found?.versions) ? [...found.versions] : [];
  return versions.sort((a, b) => String(a?.validFrom).localeCompare(String(b?.validFrom))).at(-1)?.terms;
}
