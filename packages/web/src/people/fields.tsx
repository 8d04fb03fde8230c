import { NativeSelect } from "@mantine/core";
import type { Roles } from "../api/client.ts";
import { useLocale } from "../text/provider.tsx";
import { roleWords } from "./grant-words.ts";

const everywhere = "network";

/** A branch of those for which one may give rights; `null` is the whole network, `undefined` not chosen yet. */
export function BranchField(props: {
  readonly roles: Roles;
  readonly value: number | null | undefined;
  readonly onChange: (branchId: number | null | undefined) => void;
  /** Whether the whole network can be chosen at all. */
  readonly network?: boolean;
}) {
  const { t } = useLocale();
  const { value } = props;
  const withNetwork = props.network !== false && props.roles.wholeNetwork;
  return (
    <NativeSelect
      label={t("people.branch")}
      value={value === undefined ? "" : value === null ? everywhere : String(value)}
      onChange={(event) => {
        const text = event.currentTarget.value;
        props.onChange(text === "" ? undefined : text === everywhere ? null : Number(text));
      }}
      data={[
        { value: "", label: t("people.choose") },
        ...(withNetwork ? [{ value: everywhere, label: t("people.whole-network") }] : []),
        ...props.roles.branches.map(({ branchId, path }) => ({
          value: String(branchId),
          label: path.join(" › "),
        })),
      ]}
    />
  );
}

export function RoleField(props: {
  readonly roles: Roles;
  readonly value: number | undefined;
  readonly onChange: (roleId: number | undefined) => void;
}) {
  const { t } = useLocale();
  return (
    <NativeSelect
      label={t("people.role")}
      value={props.value === undefined ? "" : String(props.value)}
      onChange={(event) => props.onChange(Number(event.currentTarget.value) || undefined)}
      data={[
        { value: "", label: t("people.choose") },
        ...props.roles.roles.map((role) => ({ value: String(role.roleId), label: roleWords(t, role) })),
      ]}
    />
  );
}

export function SupplierField(props: {
  readonly roles: Roles;
  readonly value: number | undefined;
  readonly onChange: (supplierId: number | undefined) => void;
}) {
  const { t } = useLocale();
  return (
    <NativeSelect
      label={t("people.supplier")}
      value={props.value === undefined ? "" : String(props.value)}
      onChange={(event) => props.onChange(Number(event.currentTarget.value) || undefined)}
      data={[
        { value: "", label: t("people.choose") },
        ...props.roles.suppliers.map(({ supplierId, name }) => ({ value: String(supplierId), label: name })),
      ]}
    />
  );
}

/** Whether grants of the role must name a supplier. */
export const needsSupplier = (roles: Roles, roleId: number | undefined): boolean =>
  roles.roles.find((role) => role.roleId === roleId)?.forSupplier ?? false;
