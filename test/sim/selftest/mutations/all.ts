import { BUILDING } from "./building.ts";
import { DISCARDS } from "./discards.ts";
import type { Mutation } from "./interface.ts";
import { LANDING } from "./landing.ts";
import { TRANSACTIONS } from "./transactions.ts";
import { VOTING } from "./voting.ts";

/** One for each rule, in the order of the design. */
export const MUTATIONS: readonly Mutation[] = [...BUILDING, ...TRANSACTIONS, ...VOTING, ...LANDING, ...DISCARDS];
