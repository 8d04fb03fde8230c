import { everywhere, type HeldGrant } from "@energsys/store";
import { expect, test } from "vitest";
import { rights as everyRight, readyRoles } from "../src/security/catalogue.ts";
import { can, filterOf, rightsOf, scopeOf, type Target } from "../src/security/rights.ts";

/** The branches 1 (2 (3), 4) and 5: what lies below each. */
const below: Readonly<Record<number, readonly number[]>> = {
  1: [1, 2, 3, 4],
  2: [2, 3],
  3: [3],
  4: [4],
  5: [5],
};

/** The same numbers for the same seed. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

function randomGrants(random: (below: number) => number): HeldGrant[] {
  const roles = Object.keys(readyRoles);
  return Array.from({ length: random(6) }, (_, index) => {
    const branchId = [null, 1, 2, 3, 4, 5][random(6)]!;
    const isException = random(3) === 0;
    return {
      grantId: index + 1,
      ready: isException ? null : roles[random(roles.length)]!,
      role: null,
      actions: isException ? [everyRight[random(everyRight.length)]!] : [],
      branchId,
      branchIds: branchId === null ? null : below[branchId]!,
      supplierId: random(4) === 0 ? 1 + random(2) : null,
      validUntil: null,
    };
  });
}

const targets: readonly Target[] = [
  "any",
  "network",
  ...[1, 2, 3, 4, 5].flatMap((branchId) => [null, 1, 2].map((supplierId) => ({ branchId, supplierId }))),
];
const decisions = (grants: readonly HeldGrant[]) => {
  const rights = rightsOf(grants);
  return everyRight.flatMap((right) => targets.map((target) => can(rights, right, target).allow));
};

test("taking a grant away never allows more, and none allows nothing", () => {
  const random = randomFrom(7);
  for (let round = 0; round < 300; round++) {
    const grants = randomGrants(random);
    const before = decisions(grants);
    for (const gone of grants) {
      const after = decisions(grants.filter((grant) => grant !== gone));
      expect(after.filter((allowed, index) => allowed && !before[index])).toEqual([]);
    }
  }
  expect(decisions([]).some(Boolean)).toBe(false);
});

test("the scope that statements get says the same as the decision", () => {
  const random = randomFrom(11);
  for (let round = 0; round < 300; round++) {
    const rights = rightsOf(randomGrants(random));
    for (const right of everyRight) {
      const isWithin = filterOf(scopeOf(rights, right));
      for (const target of targets.slice(1))
        expect([right, target, isWithin(target)]).toEqual([right, target, can(rights, right, target).allow]);
    }
  }
});

test("a right on a page without branches counts for the whole network only", () => {
  const grant: HeldGrant = {
    grantId: 1,
    ready: "administrator",
    role: null,
    actions: [],
    branchId: 2,
    branchIds: [2, 3],
    supplierId: null,
    validUntil: null,
  };
  expect(can(rightsOf([grant]), "log.see", "any")).toEqual({ allow: false, reason: "no-grant" });
  expect(can(rightsOf([grant]), "users.change", "any").allow).toBe(true);
  expect(can(rightsOf([grant]), "users.change", "network")).toEqual({
    allow: false,
    reason: "outside-branch",
  });
  const whole = { ...grant, branchId: null, branchIds: null };
  expect(can(rightsOf([whole]), "log.see", "network")).toMatchObject({ allow: true, grantId: 1 });
  expect(scopeOf(rightsOf([grant, whole]), "points.see")).toEqual(everywhere);
});

test("the administrator approves nothing, and a role of an older or newer program gives only what is known", () => {
  expect(readyRoles.administrator.filter((right) => right.endsWith(".approve"))).toEqual([]);
  const odd = {
    grantId: 1,
    role: "Odd",
    branchId: null,
    branchIds: null,
    supplierId: null,
    validUntil: null,
  };
  const rights = rightsOf([
    { ...odd, ready: "gone", actions: [] },
    { ...odd, ready: null, actions: ["moon.see", "points.see"] },
  ]);
  expect([...rights.keys()]).toEqual(["points.see"]);
});
