import "./texts.ts";
import { Button, Modal, NativeSelect, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { api, type Group } from "../api/client.ts";
import { fieldOfInstant, instantOfField } from "../log/search.ts";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";
import { groupKinds } from "./search.ts";

interface Dialog {
  readonly group: Group;
  readonly onClose: () => void;
}

const none = "0";

/** Hangs a group below another one, or below none, from a quarter-hour on. */
export function MoveDialog({ group, onClose }: Dialog) {
  const { t, zone } = useLocale();
  const queries = useQueryClient();
  const groups = useQuery({
    queryKey: ["groups", "list", {}],
    queryFn: ({ signal }) => api.groups({}, signal),
  });
  const [parent, setParent] = useState(group.parentId === null ? none : String(group.parentId));
  const [from, setFrom] = useState(
    () => `${fieldOfInstant(new Date().toISOString(), zone).slice(0, 10)}T00:00`,
  );
  const [reason, setReason] = useState("");
  const fromAt = instantOfField(from, zone);
  const move = useMutation({
    mutationFn: () =>
      api.moveGroup(group.groupId, {
        parentId: parent === none ? null : Number(parent),
        from: fromAt!,
        reason: reason.trim(),
      }),
    onSuccess: async () => {
      notifications.show({ message: t("group-move.done") });
      await queries.invalidateQueries({ queryKey: ["groups"] });
      onClose();
    },
  });
  const above = (groups.data?.rows ?? []).filter(
    ({ groupId, kind }) =>
      groupId !== group.groupId &&
      (kind === "free" || group.kind === "free"
        ? kind === group.kind
        : groupKinds.indexOf(kind) <= groupKinds.indexOf(group.kind)),
  );
  const nameOf = (id: string) =>
    above.find(({ groupId }) => String(groupId) === id)?.name ?? t("group-move.none");
  const held = group.parentId === null ? none : String(group.parentId);
  const complete = parent !== held && fromAt !== undefined && reason.trim() !== "";
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("group-move.title")}
      closeButtonProps={{ "aria-label": t("nav.close") }}
    >
      {groups.isPending ? (
        <Waiting />
      ) : groups.isError ? (
        <ProblemNotice error={groups.error} onRetry={() => void groups.refetch()} />
      ) : (
        <form
          className="e-stack"
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            if (complete) move.mutate();
          }}
        >
          {move.isError ? <ProblemNotice error={move.error} /> : null}
          <NativeSelect
            label={t("group-move.to")}
            data-autofocus
            value={parent}
            onChange={(event) => setParent(event.currentTarget.value)}
            data={[
              { value: none, label: t("group-move.none") },
              ...above.map(({ groupId, name, kind }) => ({
                value: String(groupId),
                label: `${name} (${t(`group-kind.${kind}`)})`,
              })),
            ]}
          />
          <TextInput
            type="datetime-local"
            step={900}
            label={t("group-move.from")}
            value={from}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
          {parent === held ? null : (
            <p className="e-notice" role="status">
              {t("group-move.effect", { before: nameOf(held), after: nameOf(parent) })}
            </p>
          )}
          <TextInput
            label={t("change.reason")}
            value={reason}
            maxLength={500}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <div className="e-row">
            <Button type="submit" loading={move.isPending} disabled={!complete}>
              {t("group-move.apply")}
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

/** Takes a group off the lists; it can be brought back. */
export function RemoveDialog({ group, onClose }: Dialog) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [reason, setReason] = useState("");
  const { groupId, name } = group;
  const restore = useMutation({
    mutationFn: () => api.restoreGroup(groupId, { reason: t("group-remove.undo") }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["groups"] });
      void navigate({ to: "/cfg/groups/$groupId", params: { groupId }, search: {} });
    },
  });
  const remove = useMutation({
    mutationFn: () => api.removeGroup(groupId, { reason: reason.trim() }),
    onSuccess: async () => {
      await navigate({ to: "/cfg/groups", search: {} });
      await queries.invalidateQueries({ queryKey: ["groups", "list"] });
      const id = `group-removed-${groupId}`;
      notifications.show({
        id,
        autoClose: 10_000,
        message: (
          <span className="e-row">
            {t("group-remove.done", { name })}
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => {
                notifications.hide(id);
                restore.mutate();
              }}
            >
              {t("group-remove.undo")}
            </Button>
          </span>
        ),
      });
    },
  });
  const complete = reason.trim() !== "" && group.children === 0;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("group-remove.title")}
      closeButtonProps={{ "aria-label": t("nav.close") }}
    >
      <form
        className="e-stack"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (complete) remove.mutate();
        }}
      >
        {remove.isError ? <ProblemNotice error={remove.error} /> : null}
        <p>{t("group-remove.lead", { name, members: group.members })}</p>
        {group.children > 0 ? (
          <p className="e-notice" data-tone="warning">
            {t("group-remove.below")}
          </p>
        ) : null}
        <TextInput
          label={t("change.reason")}
          data-autofocus
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <div className="e-row">
          <Button type="submit" color="red" loading={remove.isPending} disabled={!complete}>
            {t("group-remove.apply")}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
