import type { Point, PointChangeBody, PointChangeRow } from "../api/client.ts";
import type { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";

type Locale = Pick<ReturnType<typeof useLocale>, "t" | "f">;
export type Attribute = PointChangeRow["values"][number]["attribute"];

/** A value as people read it. */
export function attributeWords(
  { t, f }: Locale,
  attribute: Attribute,
  value: string | number | boolean | null,
): string {
  switch (attribute) {
    case "voltage":
      return t(`voltage.${value as Point["voltage"]}`);
    case "direction":
      return t(`direction.${value as Point["direction"]}`);
    case "category":
      return t(`category.${value as Point["category"]}`);
    case "approvedPowerW":
      return value === null ? noValue : `${f.decimal(String(Number(value) / 1000))} kW`;
    case "expectedYearWh":
      return value === null ? noValue : `${f.decimal(String(Number(value) / 1000))} kWh`;
    case "isProtected":
      return t(value ? "common.yes" : "common.no");
    case "exportContract":
      return value === null ? t("attribute.not-said") : t(value ? "common.yes" : "common.no");
    case "checkPointId":
    case "locationId":
      return value === null ? noValue : `#${value}`;
    default:
      return String(value);
  }
}

/** What is typed about a point; kilowatts as people write them. */
export interface AttributeForm {
  readonly phases: string;
  readonly voltage: Point["voltage"];
  readonly direction: Point["direction"];
  readonly category: Point["category"];
  readonly powerKw: string;
  readonly isProtected: boolean;
  readonly exportContract: "yes" | "no" | "unknown";
  readonly yearKwh: string;
  readonly checkPod: string;
}

const kilo = (value: number | null): string => (value === null ? "" : String(value / 1000));

export const formOf = (point: Point): AttributeForm => ({
  phases: String(point.phases),
  voltage: point.voltage,
  direction: point.direction,
  category: point.category,
  powerKw: kilo(point.approvedPowerW),
  isProtected: point.isProtected,
  exportContract: point.exportContract === null ? "unknown" : point.exportContract ? "yes" : "no",
  yearKwh: kilo(point.expectedYearWh),
  checkPod: point.checkPoint?.pod ?? "",
});

/** Whole thousandths of a kilo; nothing for an empty field, `undefined` for what is no number above zero. */
export function thousandths(text: string): number | null | undefined {
  const plain = text.replaceAll(/[\s\u00a0\u202f]/g, "").replace(",", ".");
  if (plain === "") return null;
  if (!/^\d{1,9}(\.\d{1,3})?$/.test(plain)) return undefined;
  const value = Math.round(Number(plain) * 1000);
  return value > 0 ? value : undefined;
}

/** What is different from the point as it is; `undefined` while a number is none. The check meter is looked up apart. */
export function valuesOf(form: AttributeForm, point: Point): PointChangeBody["values"] | undefined {
  const approvedPowerW = thousandths(form.powerKw);
  const expectedYearWh = thousandths(form.yearKwh);
  if (approvedPowerW === undefined || expectedYearWh === undefined) return undefined;
  const wanted = {
    phases: form.phases === "3" ? (3 as const) : (1 as const),
    voltage: form.voltage,
    direction: form.direction,
    category: form.category,
    approvedPowerW,
    isProtected: form.isProtected,
    exportContract: form.exportContract === "unknown" ? null : form.exportContract === "yes",
    expectedYearWh,
  };
  return Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => point[name as keyof typeof wanted] !== value),
  );
}
