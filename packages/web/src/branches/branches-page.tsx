import "../meters/texts.ts";
import "./texts.ts";
import { Button, Modal, NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, type BranchRow } from "../api/client.ts";
import { ChangeForm, Field, isReason, ReasonField } from "../parts/change-form.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { mayStandUnder, type ShownBranch, shownBranches } from "./tree.ts";

type Dialog =
  | { readonly add: BranchRow | null }
  | { readonly change: BranchRow }
  | { readonly remove: BranchRow };

/** What is read anew when a branch is another one: lists and choices name them everywhere. */
const changes = [
  ["branches"],
  ["operations"],
  ["locations"],
  ["location"],
  ["points"],
  ["point"],
  ["groups"],
];

/** The branches of the network as a tree, with what hangs on each; they are made, named, moved and removed here. */
export function BranchesPage() {
  const { t } = useLocale();
  const change = useMay()("branches.change");
  const [dialog, setDialog] = useState<Dialog>();
  const query = useQuery({ queryKey: ["branches"], queryFn: ({ signal }) => api.branches(signal) });
  const rows = query.data?.rows ?? [];
  const end = () => setDialog(undefined);
  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.configure") }, { label: t("nav.branches") }]}
        title={t("nav.branches")}
        actions={
          change ? <Button onClick={() => setDialog({ add: null })}>{t("branches.new")}</Button> : null
        }
      />
      <div className="e-stack">
        <p className="e-muted e-prose">{t("branches.lead")}</p>
        {query.isPending ? (
          <Waiting />
        ) : query.isError ? (
          <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : rows.length === 0 ? (
          <section className="e-panel">
            <EmptyNotice title={t("branches.none")}>{t("branches.none-do")}</EmptyNotice>
          </section>
        ) : (
          <BranchTable rows={shownBranches(rows)} open={change ? setDialog : undefined} />
        )}
      </div>
      <Modal
        opened={dialog !== undefined}
        onClose={end}
        size="lg"
        title={
          dialog === undefined
            ? ""
            : "add" in dialog
              ? dialog.add
                ? t("branches.below-of", { name: dialog.add.name })
                : t("branches.new")
              : "change" in dialog
                ? t("branches.change-of", { name: dialog.change.name })
                : t("branches.remove-of", { name: dialog.remove.name })
        }
        closeButtonProps={{ "aria-label": t("nav.close") }}
      >
        {dialog === undefined ? null : "add" in dialog ? (
          <BranchForm rows={rows} under={dialog.add} onEnd={end} />
        ) : "change" in dialog ? (
          <BranchForm rows={rows} branch={dialog.change} onEnd={end} />
        ) : (
          <RemoveForm branch={dialog.remove} onEnd={end} />
        )}
      </Modal>
    </>
  );
}

function BranchTable(props: {
  readonly rows: readonly ShownBranch[];
  readonly open: ((dialog: Dialog) => void) | undefined;
}) {
  const { t, f } = useLocale();
  const { rows, open } = props;
  const counts = ["locations", "concentrators", "groups", "people"] as const;
  return (
    <section className="e-panel" aria-label={t("nav.branches")}>
      <Scrolled label={t("nav.branches")}>
        <table className="e-list-table">
          <thead>
            <tr>
              <th scope="col">{t("branches.name")}</th>
              <th scope="col" className="e-num">
                {t("branches.points")}
              </th>
              <th scope="col" className="e-num">
                {t("branches.with-below")}
              </th>
              {counts.map((count) => (
                <th key={count} scope="col" className="e-num">
                  {t(`branches.${count}`)}
                </th>
              ))}
              {open ? (
                <th>
                  <span className="e-hidden">{t("branches.change")}</span>
                </th>
              ) : null}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.branchId}>
                <th scope="row" style={{ paddingInlineStart: `${0.6 + row.depth * 1.4}rem` }}>
                  {row.name}
                </th>
                <td className="e-num">{f.number(row.points)}</td>
                <td className="e-num">{f.number(row.allPoints)}</td>
                {counts.map((count) => (
                  <td key={count} className="e-num">
                    {f.number(row[count])}
                  </td>
                ))}
                {open ? (
                  <td className="e-end">
                    <span className="e-row" style={{ justifyContent: "flex-end", flexWrap: "nowrap" }}>
                      <Button
                        variant="default"
                        size="xs"
                        aria-label={t("branches.below-of", { name: row.name })}
                        onClick={() => open({ add: row })}
                      >
                        {t("branches.below")}
                      </Button>
                      <Button
                        variant="default"
                        size="xs"
                        aria-label={t("branches.change-of", { name: row.name })}
                        onClick={() => open({ change: row })}
                      >
                        {t("branches.change")}
                      </Button>
                      {row.unused ? (
                        <Button
                          variant="default"
                          size="xs"
                          aria-label={t("branches.remove-of", { name: row.name })}
                          onClick={() => open({ remove: row })}
                        >
                          {t("branches.remove")}
                        </Button>
                      ) : null}
                    </span>
                  </td>
                ) : null}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </section>
  );
}

function BranchForm(props: {
  readonly rows: readonly BranchRow[];
  readonly branch?: BranchRow;
  readonly under?: BranchRow | null;
  readonly onEnd: () => void;
}) {
  const { t } = useLocale();
  const { rows, branch, under, onEnd } = props;
  const [name, setName] = useState(branch?.name ?? "");
  const [parent, setParent] = useState(String(branch?.parentId ?? under?.branchId ?? ""));
  const [reason, setReason] = useState("");
  const given = {
    name: name.trim(),
    parentId: parent === "" ? null : Number(parent),
    reason: reason.trim(),
  };
  return (
    <ChangeForm
      changes={changes}
      onEnd={onEnd}
      complete={given.name !== "" && given.name.length <= 100 && given.reason.length >= 3}
      run={async () => (branch ? api.changeBranch(branch.branchId, given) : api.addBranch(given))}
    >
      <Field label={t("branches.name")} value={name} onChange={setName} />
      <NativeSelect
        label={t("branches.above")}
        description={branch ? t("branches.rights") : undefined}
        value={parent}
        data={[
          { value: "", label: t("branches.top") },
          ...mayStandUnder(rows, branch).map(({ branchId, path }) => ({
            value: String(branchId),
            label: path.join(" › "),
          })),
        ]}
        onChange={(event) => setParent(event.currentTarget.value)}
      />
      <ReasonField value={reason} onChange={setReason} />
    </ChangeForm>
  );
}

function RemoveForm({ branch, onEnd }: { readonly branch: BranchRow; readonly onEnd: () => void }) {
  const { t } = useLocale();
  const [reason, setReason] = useState("");
  return (
    <ChangeForm
      changes={changes}
      onEnd={onEnd}
      complete={isReason(reason)}
      run={() => api.removeBranch(branch.branchId, reason.trim())}
    >
      <p className="e-muted">{t("branches.remove-lead")}</p>
      <ReasonField value={reason} onChange={setReason} />
    </ChangeForm>
  );
}
