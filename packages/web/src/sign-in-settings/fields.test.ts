import { expect, test } from "vitest";
import { grantsOf, wordsOf } from "./fields.ts";

test("a group's name may hold equal signs: the role stands behind the last one", () => {
  expect(grantsOf("cn=dispatch,ou=groups,dc=test = Operator\n\nno role here =\nstaff = Billing")).toEqual([
    { group: "cn=dispatch,ou=groups,dc=test", role: "Operator", branchId: null },
    { group: "staff", role: "Billing", branchId: null },
  ]);
});

test("lists are taken with commas, spaces or line ends", () => {
  expect(wordsOf("ldaps://a:636, ldaps://b\nldap://c ")).toEqual(["ldaps://a:636", "ldaps://b", "ldap://c"]);
});
