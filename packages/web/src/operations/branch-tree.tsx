import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Operations } from "../api/client.ts";
import { useLocale } from "../text/provider.tsx";

type Branch = Operations["branches"][number];

/** The network's branches with what is silent and what is missing in each; every name leads to its points. */
export function BranchTree(props: { readonly branches: readonly Branch[] }) {
  const { t } = useLocale();
  const roots = props.branches.filter((branch) => branch.parentId === null);
  const [open, setOpen] = useState<ReadonlySet<number>>(
    () => new Set(roots.length === 1 ? roots.map((branch) => branch.branchId) : []),
  );
  const toggle = (branchId: number) => {
    const next = new Set(open);
    if (!next.delete(branchId)) next.add(branchId);
    setOpen(next);
  };
  const rows = visibleRows(props.branches, open);
  return (
    <section className="e-panel" aria-labelledby="branches">
      <div className="e-panel-head">
        <h2 id="branches">{t("op.branches")}</h2>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
      <section className="e-branches" tabIndex={0} aria-labelledby="branches">
        <table className="e-list-table">
          <thead>
            <tr>
              <th scope="col">{t("op.branch")}</th>
              <th scope="col" className="e-num">
                {t("op.branch-points")}
              </th>
              <th scope="col" className="e-num">
                {t("op.branch-silent")}
              </th>
              <th scope="col" className="e-num">
                {t("op.branch-coverage")}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ branch, depth, hasBelow }) => (
              <BranchRow
                key={branch.branchId}
                branch={branch}
                depth={depth}
                open={hasBelow ? open.has(branch.branchId) : undefined}
                onToggle={() => toggle(branch.branchId)}
              />
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

interface TreeRow {
  readonly branch: Branch;
  readonly depth: number;
  readonly hasBelow: boolean;
}

/** The rows of the tree that are to be seen, in order. */
export function visibleRows(branches: readonly Branch[], open: ReadonlySet<number>): TreeRow[] {
  const below = Map.groupBy(branches, (branch) => branch.parentId);
  const rows: TreeRow[] = [];
  const add = (parent: number | null, depth: number) => {
    for (const branch of below.get(parent) ?? []) {
      rows.push({ branch, depth, hasBelow: below.has(branch.branchId) });
      if (open.has(branch.branchId)) add(branch.branchId, depth + 1);
    }
  };
  add(null, 0);
  return rows;
}

function BranchRow(props: {
  readonly branch: Branch;
  readonly depth: number;
  /** Undefined for a branch with nothing below. */
  readonly open: boolean | undefined;
  readonly onToggle: () => void;
}) {
  const { t, f } = useLocale();
  const { branch, open } = props;
  const name = branch.path.at(-1) ?? "";
  const share =
    branch.expected === 0 ? undefined : Math.floor((1000 * branch.present) / branch.expected) / 10;
  return (
    <tr>
      <td style={{ paddingLeft: 8 + props.depth * 20 }}>
        <span className="e-branch-name">
          {open === undefined ? (
            <span className="e-twist" />
          ) : (
            <button
              type="button"
              className="e-twist"
              aria-expanded={open}
              aria-label={t(open ? "op.branch-close" : "op.branch-open", { branch: name })}
              onClick={props.onToggle}
            >
              {open ? "▾" : "▸"}
            </button>
          )}
          <Link to="/points" search={{ branch: branch.branchId }}>
            {name}
          </Link>
        </span>
      </td>
      <td className="e-num">{f.number(branch.points)}</td>
      <td className="e-num">
        {branch.silent === 0 ? (
          "0"
        ) : (
          <Link to="/points" search={{ branch: branch.branchId, state: "silent" }}>
            <span aria-hidden="true" className="e-tone-bad">
              <b>■</b>
            </span>{" "}
            {f.number(branch.silent)}
          </Link>
        )}
      </td>
      <td className="e-num">{share === undefined ? "–" : f.percent(share)}</td>
    </tr>
  );
}
