import type { ObisCode } from "../obis.ts";
import { attributeName, findCosemClass, methodName } from "./classes.ts";
import { describeObis, type Language } from "./obis-names.ts";
import type { CosemObject } from "./object-list.ts";

/** A group of objects that belong together for a person who looks for one. */
export interface ObjectGroup {
  readonly group: GroupName;
  readonly title: string;
  readonly objects: readonly NamedObject[];
}

export interface NamedObject {
  readonly obis: ObisCode;
  /** In words: the name of the code, else what can be told of it. */
  readonly name: string;
  readonly classId: number;
  readonly className: string;
  readonly version: number;
  readonly attributes: readonly {
    readonly attribute: number;
    readonly name: string;
    readonly mode: number;
  }[];
  readonly methods: readonly { readonly method: number; readonly name: string; readonly mode: number }[];
}

/** Groups in the order shown, with the classes that fall into them; measurements are told apart by their codes. */
const groups = {
  identity: { en: "Identity and clock", ro: "Identificare și ceas" },
  energy: { en: "Energy", ro: "Energie" },
  demand: { en: "Demand and power", ro: "Sarcină și putere" },
  grid: { en: "Voltage, current and quality", ro: "Tensiune, curent și calitate" },
  profiles: { en: "Profiles and logs", ro: "Curbe și jurnale" },
  control: { en: "Supply and limits", ro: "Alimentare și limite" },
  tariffs: { en: "Tariffs and schedules", ro: "Tarife și programări" },
  communication: { en: "Communication", ro: "Comunicație" },
  prepayment: { en: "Prepayment", ro: "Preplată" },
  security: { en: "Associations and security", ro: "Asocieri și securitate" },
  others: { en: "Others", ro: "Altele" },
} as const satisfies Readonly<Record<string, Readonly<Record<Language, string>>>>;

export type GroupName = keyof typeof groups;

const groupsByClass: Readonly<Record<number, GroupName>> = {
  6: "tariffs",
  7: "profiles",
  8: "identity",
  9: "tariffs",
  10: "tariffs",
  11: "tariffs",
  12: "security",
  15: "security",
  17: "identity",
  18: "identity",
  19: "communication",
  20: "tariffs",
  21: "control",
  22: "tariffs",
  23: "communication",
  24: "communication",
  25: "communication",
  27: "communication",
  28: "communication",
  29: "communication",
  30: "security",
  40: "communication",
  41: "communication",
  42: "communication",
  43: "communication",
  44: "communication",
  45: "communication",
  46: "communication",
  47: "communication",
  48: "communication",
  62: "profiles",
  50: "communication",
  51: "communication",
  52: "communication",
  53: "communication",
  56: "communication",
  57: "communication",
  58: "communication",
  59: "communication",
  61: "profiles",
  64: "security",
  65: "control",
  68: "control",
  70: "control",
  71: "control",
  72: "communication",
  74: "communication",
  76: "communication",
  77: "communication",
  80: "communication",
  81: "communication",
  82: "communication",
  83: "communication",
  84: "communication",
  85: "communication",
  86: "communication",
  90: "communication",
  91: "communication",
  92: "communication",
  100: "communication",
  111: "prepayment",
  112: "prepayment",
  113: "prepayment",
  115: "prepayment",
  116: "prepayment",
  122: "control",
  124: "security",
  151: "communication",
  152: "communication",
  153: "communication",
};

function groupOf({ classId, obis }: CosemObject): GroupName {
  const byClass = groupsByClass[classId];
  if (byClass) return byClass;
  const match = /^(\d+)-\d+:(\d+)\.(\d+)\./.exec(obis);
  const [a, c, d] = (match?.slice(1) ?? []).map(Number) as [number, number, number];
  if (a === 0) {
    if (c === 42 || (c === 96 && d === 1) || (c === 0 && d === 2)) return "identity";
    return c === 43 ? "security" : "others";
  }
  if (a !== 1) return "others";
  const quantity = c > 20 && c <= 80 ? ((c - 1) % 20) + 1 : c;
  if (quantity >= 11 && quantity <= 14) return "grid";
  if (c === 81 || c >= 90) return "grid";
  if (quantity < 1 || quantity > 20) return "others";
  return [8, 9, 10, 29, 30, 58].includes(d) ? "energy" : "demand";
}

/** An object list as a readable tree: groups in a fixed order, objects in the meter's, empty groups left out. */
export function objectTree(objects: readonly CosemObject[], language: Language = "en"): ObjectGroup[] {
  const byGroup = new Map<GroupName, NamedObject[]>();
  for (const object of objects) {
    const group = groupOf(object);
    const list = byGroup.get(group) ?? [];
    list.push(nameObject(object, language));
    byGroup.set(group, list);
  }
  return (Object.keys(groups) as GroupName[]).flatMap((group) => {
    const list = byGroup.get(group);
    return list ? [{ group, title: groups[group][language], objects: list }] : [];
  });
}

function nameObject(object: CosemObject, language: Language): NamedObject {
  const { classId, version, obis } = object;
  const className = findCosemClass(classId)?.name ?? `class ${classId}`;
  return {
    obis,
    name: describeObis(obis, language),
    classId,
    className,
    version,
    attributes: object.attributes.map(({ attribute, mode }) => ({
      attribute,
      name: attributeName(classId, attribute),
      mode,
    })),
    methods: object.methods.map(({ method, mode }) => ({ method, name: methodName(classId, method), mode })),
  };
}
