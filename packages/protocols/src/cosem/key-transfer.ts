import type { Ciphers } from "../ciphers.ts";
import type { DataValue } from "../dlms/data.ts";
import { LinkError } from "../errors.ts";

/** Keys by their id in class 64 (IEC 62056-6-2, security setup): unicast, broadcast, authentication, master. */
export const keyIds = { unicast: 0, broadcast: 1, authentication: 2, master: 3 } as const;
export type KeyName = keyof typeof keyIds;

/**
 * The parameter of key_transfer (class 64, method 2): each key wrapped with the master key (RFC 3394). After the answer
 * use the new key, and keep the old one until an association with the new one worked.
 * @throws LinkError `dlms.cipher-missing`
 */
export function keyTransfer(
  keys: readonly { readonly name: KeyName; readonly key: Uint8Array }[],
  masterKey: Uint8Array,
  ciphers: Ciphers,
): DataValue {
  const { wrapKey } = ciphers;
  if (!wrapKey) throw new LinkError("dlms.cipher-missing", "key wrap is needed and was not given");
  return {
    type: "array",
    items: keys.map(({ name, key }) => ({
      type: "structure",
      items: [
        { type: "enum", value: keyIds[name] },
        { type: "octet-string", bytes: wrapKey(masterKey, key) },
      ],
    })),
  };
}

/** The device's side: the keys in a parameter, or `undefined` when any does not unwrap or has another length. */
export function openKeyTransfer(
  parameter: DataValue | undefined,
  masterKey: Uint8Array,
  ciphers: Ciphers,
): { readonly name: KeyName; readonly key: Uint8Array }[] | undefined {
  if (parameter?.type !== "array" || parameter.items.length === 0) return undefined;
  const names = Object.keys(keyIds) as KeyName[];
  const keys: { name: KeyName; key: Uint8Array }[] = [];
  for (const element of parameter.items) {
    const [id, wrapped] = element.type === "structure" ? element.items : [];
    const name = id?.type === "enum" ? names[id.value] : undefined;
    const key = wrapped?.type === "octet-string" && ciphers.unwrapKey?.(masterKey, wrapped.bytes);
    if (!name || !key || key.length !== masterKey.length) return undefined;
    keys.push({ name, key });
  }
  return keys;
}
