import { lexDataSets } from "./data-sets.ts";
import type { Identification } from "./identification.ts";
import type { Check, DataSet, IecFault, IecTelegram, IecTelegramKind } from "./telegram.ts";

/** What P addresses hold, which national use gives to profiles (`P.01`, `P.02`) and logs (`P.98`, `P.99`, `P.2xx`). */
function kindOf(dataSets: readonly DataSet[]): IecTelegramKind {
  const address = dataSets[0]?.address ?? "";
  if (!address.startsWith("P.")) return "iec62056-21-readout";
  const number = Number(address.slice(2));
  if (number === 1 || number === 2) return "load-profile";
  return number >= 98 ? "event-log" : "iec62056-21-readout";
}

/** The error text of an answer that is one (IEC 62056-21, 6.4.3.2): a lone bracket `ERROR` or `ERnn`. */
function errorOf(dataSets: readonly DataSet[]): string | undefined {
  const value =
    dataSets.length === 1 && dataSets[0]!.values.length === 1 ? dataSets[0]!.values[0]!.value : "";
  if (!value.startsWith("ER")) return undefined;
  const third = value.charCodeAt(2);
  return value === "ERROR" || value.startsWith("ERR") || (third >= 0x30 && third <= 0x39) ? value : undefined;
}

/** What is known of a message besides its data sets. */
export interface MessageParts {
  readonly identification?: Identification | undefined;
  readonly check: IecTelegram["check"];
  readonly end: IecTelegram["end"];
  readonly offset: number;
  readonly kind?: IecTelegramKind | undefined;
}

/** A telegram of data sets; its kind is that of its first address unless told. */
export function telegramOf(
  dataSets: readonly DataSet[],
  faults: readonly IecFault[],
  parts: MessageParts,
): IecTelegram {
  const error = errorOf(dataSets);
  return {
    kind: parts.kind ?? kindOf(dataSets),
    ...(parts.identification && { identification: parts.identification }),
    dataSets,
    check: parts.check,
    end: parts.end,
    ...(error !== undefined && { error }),
    faults,
    offset: parts.offset,
  };
}

const text = new TextDecoder();

/** The telegram in the bodies of a session's blocks, one or (partial blocks) several. */
export function telegramOfBodies(
  bodies: readonly Uint8Array[],
  bcc: Check,
  identification: Identification | undefined,
): IecTelegram {
  const dataSets: DataSet[] = [];
  const faults: IecFault[] = [];
  let offset = 0;
  for (const body of bodies) {
    const lexed = lexDataSets(body, 0, body.length, text.decode(body), offset);
    for (const dataSet of lexed.dataSets) dataSets.push(dataSet);
    faults.push(...lexed.faults.slice(0, faultsMax));
    offset += body.length;
  }
  return telegramOf(dataSets, faults, { identification, check: { bcc }, end: "etx", offset: 0 });
}

const faultsMax = 100;
