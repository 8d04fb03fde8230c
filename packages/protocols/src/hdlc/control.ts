/** What the control byte says (IEC 62056-46). `final` is the P/F bit: the last frame of a turn. */
export type HdlcControl =
  | { readonly kind: "I"; readonly sending: number; readonly receiving: number; readonly final: boolean }
  | { readonly kind: "RR" | "RNR"; readonly receiving: number; readonly final: boolean }
  | { readonly kind: "SNRM" | "DISC" | "UA" | "DM" | "FRMR" | "UI"; readonly final: boolean }
  | { readonly kind: "unknown"; readonly byte: number; readonly final: boolean };

/** Unnumbered control values with P/F = 0. */
const unnumbered = { SNRM: 0x83, DISC: 0x43, UA: 0x63, DM: 0x0f, FRMR: 0x87, UI: 0x03 } as const;

const unnumberedByByte = new Map(
  Object.entries(unnumbered).map(([kind, byte]) => [byte as number, kind as keyof typeof unnumbered]),
);

export function decodeControl(byte: number): HdlcControl {
  const final = (byte & 0x10) !== 0;
  const receiving = byte >> 5;
  if ((byte & 1) === 0) return { kind: "I", sending: (byte >> 1) & 7, receiving, final };
  const supervisory = byte & 0x0f;
  if (supervisory === 0x01) return { kind: "RR", receiving, final };
  if (supervisory === 0x05) return { kind: "RNR", receiving, final };
  const kind = unnumberedByByte.get(byte & ~0x10);
  return kind ? { kind, final } : { kind: "unknown", byte, final };
}

export function encodeControl(control: HdlcControl): number {
  const final = control.final ? 0x10 : 0;
  switch (control.kind) {
    case "I":
      return (control.receiving << 5) | final | (control.sending << 1);
    case "RR":
      return (control.receiving << 5) | final | 0x01;
    case "RNR":
      return (control.receiving << 5) | final | 0x05;
    case "unknown":
      return control.byte;
    default:
      return unnumbered[control.kind] | final;
  }
}
