/** What is typed about the point of a new device. */
export interface PointForm {
  readonly pod: string;
  readonly name: string;
  readonly address: string;
  readonly branch: string;
  readonly serial: string;
  readonly phases: "1" | "3";
  readonly ctRatio: string;
  readonly vtRatio: string;
  readonly primaryValues: boolean;
}

export const emptyPointForm: PointForm = {
  pod: "",
  name: "",
  address: "",
  branch: "",
  serial: "",
  phases: "1",
  ctRatio: "1",
  vtRatio: "1",
  primaryValues: false,
};

export type FormFault = "common.required" | "add.not-number" | "add.no-space";

/** The same checks as the API's schema has; the server decides. */
export function checkPointForm(form: PointForm): Partial<Record<keyof PointForm, FormFault>> {
  const faults: Partial<Record<keyof PointForm, FormFault>> = {};
  for (const field of ["pod", "address", "branch", "serial"] as const)
    if (form[field].trim() === "") faults[field] = "common.required";
  if (!faults.pod && /\s/.test(form.pod.trim())) faults.pod = "add.no-space";
  if (!faults.branch && branchParts(form.branch).length === 0) faults.branch = "common.required";
  for (const field of ["ctRatio", "vtRatio"] as const) {
    const ratio = plainRatio(form[field]);
    if (!/^\d{1,6}(\.\d{1,6})?$/.test(ratio) || Number(ratio) === 0) faults[field] = "add.not-number";
  }
  return faults;
}

/** A ratio as the API takes it: point and comma both read, spaces do not matter. */
export function plainRatio(text: string): string {
  return text.trim().replace(",", ".");
}

export function branchParts(text: string): string[] {
  return text
    .split(/[/›]/)
    .map((part) => part.trim())
    .filter(Boolean);
}

/** The last run of digits of an identity, which most makers make the serial number. */
export function serialIn(identity: string): string {
  return /(\d{4,})\D*$/.exec(identity)?.[1] ?? identity;
}
