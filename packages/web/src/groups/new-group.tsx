import { Button, Modal, NativeSelect, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { api, type GroupRule } from "../api/client.ts";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";
import { optionsQuery } from "./options.ts";
import { RuleFields, soundRule } from "./rule-fields.tsx";
import { type GroupKind, groupKinds } from "./search.ts";

const wholeNetwork = "network";

/** A new group: what it is and where; its members are chosen on its page, with their effect. */
export function NewGroupDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const options = useQuery(optionsQuery);
  const groups = useQuery({
    queryKey: ["groups", "list", {}],
    queryFn: ({ signal }) => api.groups({}, signal),
  });
  const [kind, setKind] = useState<GroupKind>("transformer");
  const [name, setName] = useState("");
  const [place, setPlace] = useState("");
  const [parent, setParent] = useState("");
  const [rule, setRule] = useState<GroupRule>({});
  const branchId = place === wholeNetwork ? null : Number(place);
  const complete = name.trim() !== "" && place !== "";
  const make = useMutation({
    mutationFn: () =>
      api.addGroup({
        kind,
        name: name.trim(),
        branchId,
        ...(parent === "" ? {} : { parentId: Number(parent) }),
        ...(kind === "free" ? { rule: soundRule(rule) } : {}),
      }),
    onSuccess: async ({ groupId }) => {
      notifications.show({ message: t("groups.made") });
      await queries.invalidateQueries({ queryKey: ["groups"] });
      void navigate({ to: "/cfg/groups/$groupId", params: { groupId }, search: {} });
    },
  });
  const above = (groups.data?.rows ?? []).filter((group) =>
    kind === "free" || group.kind === "free"
      ? kind === group.kind
      : groupKinds.indexOf(group.kind) <= groupKinds.indexOf(kind),
  );
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("groups.new")}
      closeButtonProps={{ "aria-label": t("nav.close") }}
    >
      {options.isPending ? (
        <Waiting />
      ) : options.isError ? (
        <ProblemNotice error={options.error} onRetry={() => void options.refetch()} />
      ) : (
        <form
          className="e-stack"
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            if (complete) make.mutate();
          }}
        >
          {make.isError ? <ProblemNotice error={make.error} /> : null}
          <NativeSelect
            label={t("groups.kind")}
            data-autofocus
            value={kind}
            onChange={({ currentTarget: { value } }) => {
              setKind(groupKinds.find((one) => one === value) ?? "transformer");
              setParent("");
            }}
            data={groupKinds.map((value) => ({ value, label: t(`group-kind.${value}`) }))}
          />
          <TextInput
            label={t("groups.name")}
            value={name}
            maxLength={200}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <NativeSelect
            label={t("groups.branch")}
            value={place}
            onChange={(event) => setPlace(event.currentTarget.value)}
            data={[
              { value: "", label: t("groups.choose") },
              ...(options.data.wholeNetwork
                ? [{ value: wholeNetwork, label: t("groups.whole-network") }]
                : []),
              ...options.data.branches.map(({ branchId: id, path }) => ({
                value: String(id),
                label: path.join(" › "),
              })),
            ]}
          />
          <NativeSelect
            label={t("groups.parent")}
            value={parent}
            onChange={(event) => setParent(event.currentTarget.value)}
            data={[
              { value: "", label: t("groups.parent-none") },
              ...above.map((group) => ({
                value: String(group.groupId),
                label: `${group.name} (${t(`group-kind.${group.kind}`)})`,
              })),
            ]}
          />
          {kind === "free" && place !== "" ? (
            <RuleFields options={options.data} branchId={branchId} value={rule} onChange={setRule} />
          ) : null}
          <div className="e-row">
            <Button type="submit" loading={make.isPending} disabled={!complete}>
              {t("groups.make")}
            </Button>
            <Button variant="default" onClick={onClose}>
              {t("common.cancel")}
            </Button>
          </div>
        </form>
      )}
    </Modal>
  );
}
