import {
  concentratorSchema,
  DifferencesSeen,
  DifferencesSettled,
  EquipmentList,
  EquipmentQuery,
  GatewayParams,
} from "../schemas/equipment.ts";
import { operation } from "./operation.ts";

/** Calls about concentrators and what is behind them. */
export const equipmentOperations = {
  listConcentrators: operation({
    method: "GET",
    url: "/equipment",
    action: "equipment.see",
    tag: "equipment",
    summary: "Concentrators with state, supply, meters and how much of their journal is not stored yet",
    query: EquipmentQuery,
    answer: EquipmentList,
  }),
  getConcentrator: operation({
    method: "GET",
    url: "/equipment/:gatewayId",
    action: "equipment.see",
    tag: "equipment",
    summary: "One concentrator: meters and modules, differences, events and exchanges",
    params: GatewayParams,
    answer: concentratorSchema.reference,
    problems: [404],
  }),
  acknowledgeDifferences: operation({
    method: "POST",
    url: "/equipment/differences/acknowledgements",
    action: "equipment.change",
    tag: "equipment",
    summary: "Says who has seen differences between field and configuration, and what they noted",
    body: DifferencesSeen,
    answer: DifferencesSettled,
  }),
} as const;
