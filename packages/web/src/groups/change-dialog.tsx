import { fileText } from "@energsys/metering/file-text";
import { Button, FileButton, Modal, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, type Group, type GroupChangeAsked, type GroupEffect } from "../api/client.ts";
import { fieldOfInstant, instantOfField } from "../log/search.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";
import { EffectWords } from "./effect-words.tsx";
import { membersOf } from "./member-text.ts";

type Side = GroupChangeAsked["side"];
type Mode = GroupChangeAsked["mode"];

/** A change of members or balance meters: what, its effect with the dates, why, and only then it is made. */
export function ChangeDialog(props: {
  readonly group: Group;
  readonly side: Side;
  readonly mode?: Mode;
  readonly onClose: () => void;
  readonly onDone: (changeId: number | null) => void;
}) {
  const { t } = useLocale();
  const { group, side } = props;
  const [asked, setAsked] = useState<GroupChangeAsked>();
  const preview = useMutation({
    mutationFn: (change: GroupChangeAsked) => api.previewGroupChange(group.groupId, change),
  });
  const title = t(side === "members" ? "groups.change-members" : "groups.change-balance");
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={title}
      size="lg"
      closeButtonProps={{ "aria-label": t("nav.close") }}
    >
      {/* What was typed stays while the effect is looked at. */}
      <div hidden={preview.isSuccess}>
        <Ask
          group={group}
          side={side}
          usual={props.mode ?? "add"}
          isPending={preview.isPending}
          error={preview.error}
          onAsk={(change) => {
            setAsked(change);
            preview.mutate(change);
          }}
          onClose={props.onClose}
        />
      </div>
      {preview.isSuccess && asked ? (
        <Effect
          group={group}
          asked={asked}
          effect={preview.data}
          onBack={preview.reset}
          onDone={props.onDone}
        />
      ) : null}
    </Modal>
  );
}

function Ask(props: {
  readonly group: Group;
  readonly side: Side;
  readonly usual: Mode;
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly onAsk: (change: GroupChangeAsked) => void;
  readonly onClose: () => void;
}) {
  const { t, zone } = useLocale();
  const { group, side } = props;
  const [mode, setMode] = useState<Mode>(props.usual);
  const [from, setFrom] = useState(
    () => `${fieldOfInstant(new Date().toISOString(), zone).slice(0, 10)}T00:00`,
  );
  const [to, setTo] = useState("");
  const [text, setText] = useState("");
  const lines = membersOf(text);
  const fromAt = instantOfField(from, zone);
  const toAt = to === "" ? undefined : instantOfField(to, zone);
  const complete = fromAt !== undefined && (mode === "rule" || mode === "set" || lines.length > 0);
  const modes: readonly Mode[] = [
    ...(side === "members" && group.rule ? (["rule"] as const) : []),
    "add",
    "remove",
    "set",
  ];
  return (
    <form
      className="e-stack"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (!complete || fromAt === undefined) return;
        props.onAsk({
          side,
          mode,
          from: fromAt,
          ...(toAt === undefined ? {} : { to: toAt }),
          ...(mode === "rule" ? {} : { pods: lines }),
        });
      }}
    >
      {props.error ? <ProblemNotice error={props.error} /> : null}
      <NativeSelect
        label={t("change.mode")}
        data-autofocus
        value={mode}
        onChange={({ currentTarget: { value } }) => setMode(modes.find((one) => one === value) ?? "add")}
        data={modes.map((value) => ({ value, label: t(`change.mode.${value}`) }))}
      />
      <div className="e-log-filters">
        <TextInput
          type="datetime-local"
          step={900}
          label={t("change.from")}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          type="datetime-local"
          step={900}
          label={t("change.to")}
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
      </div>
      {mode === "rule" ? null : (
        <>
          <PointSearch
            onChoose={(pod) => setText((now) => `${now.trimEnd()}${now.trim() === "" ? "" : "\n"}${pod}\n`)}
          />
          <Textarea
            label={t("change.pods")}
            description={t("change.pods-help")}
            autosize
            minRows={4}
            maxRows={12}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <div className="e-row">
            <FileButton
              accept=".csv,.txt,text/csv,text/plain"
              onChange={(file) =>
                void file?.arrayBuffer().then((read) => setText(fileText(new Uint8Array(read))))
              }
            >
              {(given) => (
                <Button variant="default" size="xs" {...given}>
                  {t("change.read-file")}
                </Button>
              )}
            </FileButton>
            <span className="e-muted e-small e-num" role="status">
              {t("change.lines", { count: lines.length })}
            </span>
          </div>
        </>
      )}
      <div className="e-row">
        <Button type="submit" loading={props.isPending} disabled={!complete}>
          {t("change.preview")}
        </Button>
        <Button variant="default" onClick={props.onClose}>
          {t("common.cancel")}
        </Button>
      </div>
    </form>
  );
}

/** Finds points as the palette does, and gives the code of the one that is chosen. */
function PointSearch({ onChoose }: { readonly onChoose: (pod: string) => void }) {
  const { t } = useLocale();
  const [typed, setTyped] = useState("");
  const search = useMutation({
    mutationFn: (text: string) => api.search(text, new AbortController().signal),
  });
  return (
    <div className="e-stack">
      <TextInput
        label={t("change.search")}
        value={typed}
        maxLength={200}
        onChange={({ currentTarget: { value } }) => {
          setTyped(value);
          if (value.trim().length >= 2) search.mutate(value.trim());
        }}
      />
      {typed.trim().length >= 2 && search.data ? (
        <ul className="e-pick-list">
          {search.data.points.slice(0, 6).map(({ pointId, pod, name, address }) => (
            <li key={pointId}>
              <button
                type="button"
                className="e-quiet-button"
                onClick={() => {
                  onChoose(pod);
                  setTyped("");
                }}
              >
                <span className="e-num">{pod}</span>{" "}
                <span className="e-muted e-small">{[name, address].filter(Boolean).join(" · ")}</span>
              </button>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

function Effect(props: {
  readonly group: Group;
  readonly asked: GroupChangeAsked;
  readonly effect: GroupEffect;
  readonly onBack: () => void;
  readonly onDone: (changeId: number | null) => void;
}) {
  const { t } = useLocale();
  const { group, asked, effect } = props;
  const [reason, setReason] = useState("");
  const nothing = effect.joining + effect.leaving + effect.signChanged === 0;
  const apply = useMutation({
    mutationFn: () =>
      api.changeGroup(group.groupId, { ...asked, token: effect.token, reason: reason.trim() }),
    onSuccess: ({ changeId }) => props.onDone(changeId),
  });
  return (
    <form
      className="e-stack"
      aria-label={t("change.effect")}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (!nothing && reason.trim() !== "") apply.mutate();
      }}
    >
      <EffectWords effect={effect} asked={asked} />
      {apply.isError ? <ProblemNotice error={apply.error} /> : null}
      {nothing ? null : (
        <TextInput
          label={t("change.reason")}
          value={reason}
          maxLength={500}
          data-autofocus
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
      <div className="e-row">
        <Button type="submit" loading={apply.isPending} disabled={nothing || reason.trim() === ""}>
          {t("change.apply")}
        </Button>
        <Button variant="default" onClick={props.onBack}>
          {t("change.back")}
        </Button>
      </div>
    </form>
  );
}
