import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { formatEther, formatUnits } from "ethers";
import hre from "hardhat";
import { BOND_GAS_PRICE_WEI, leastBondWei } from "../deploy/bond.ts";
import { NETWORKS, readParameters } from "../deploy/readParameters.ts";
import { bondGasOf, CASES, type CaseName, type GasResults, goalOf, readSnapshot } from "./gas/cases.ts";
import { measureGas } from "./gas/measure.ts";

const NONE = "-";

/** Case of another system that a case of ours is nearest to. */
const AZTEC: Partial<Record<CaseName, string>> = {
  "submit.onTime.bonded": "propose.steady.1blob",
  duplicate: "duplicate.reverted",
  stale: "staleSlot.reverted",
  challenge48: "invalidateBadAttestation",
  "settle32.perCheckpoint": "proveEpoch32.mockVerifier.perCheckpoint",
};

type Column = Record<string, number>;

function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8")) as T;
}

function print(results: GasResults): void {
  const anchors = readJson<{
    "aztec-4.1.2": { measured: Column };
    "taiko-shasta": { published: Column };
  }>("./anchors.json");
  const prototype = readJson<Record<"smallest" | "typed" | "packed", Column>>("./prototype.json");
  // A case that is new has no figure yet.
  const snapshot: Partial<GasResults> = readSnapshot();
  const aztec = anchors["aztec-4.1.2"].measured;
  console.log("gas: 48 validators, one blob a checkpoint, quiet inbox, ring wrapped, prague; receipt gasUsed\n");
  row(["case", "gas", "goal", "", "snapshot", "calldata", "floor", "Aztec", "smallest", "packed", "typed"]);
  for (const name of CASES) {
    const { gas, calldataBytes, floor } = results[name];
    const goal = goalOf(name, results);
    const verdict = goal === undefined ? "" : gas <= goal ? "ok" : "OVER";
    row([
      name,
      gas,
      goal === undefined ? NONE : `<= ${goal}`,
      verdict,
      differenceOf(gas, snapshot[name]?.gas),
      calldataBytes,
      floor,
      aztec[AZTEC[name] ?? ""] ?? NONE,
      prototype.smallest[name] ?? NONE,
      prototype.packed[name] ?? NONE,
      prototype.typed[name] ?? NONE,
    ]);
  }
  printBonds(results);
  console.log("\nsmallest, packed, typed: a prototype of this path. Aztec 4.1.2 verifies no signature when it lands.");
  console.log(
    `Taiko Shasta, ring wrapped, no signatures at all: ${anchors["taiko-shasta"].published["propose.ringWrapped"]}`,
  );
}

function printBonds(results: GasResults): void {
  const prices = `at ${formatUnits(BOND_GAS_PRICE_WEI, "gwei")} gwei`;
  console.log(`\nbond: ${bondGasOf(results).answer} gas to answer bad checkpoints, ${prices}`);
  for (const network of NETWORKS) {
    const parameters = readParameters(network);
    const least = leastBondWei(bondGasOf(results), parameters);
    const verdict = parameters.bondWei >= least ? "ok" : "TOO SMALL";
    console.log(`  ${network}: ${formatEther(parameters.bondWei)} ETH, at least ${formatEther(least)}: ${verdict}`);
  }
}

function differenceOf(gas: number, before: number | undefined): string {
  if (before === undefined) return "new";
  const difference = gas - before;
  return difference === 0 ? "same" : `${difference > 0 ? "+" : ""}${difference}`;
}

function row(cells: (string | number)[]): void {
  const widths = [26, 8, 10, 5, 9, 9, 7, 8, 9, 8, 7];
  console.log(
    cells
      .map((cell, index) => {
        const width = widths[index] as number;
        return index === 0 ? String(cell).padEnd(width) : String(cell).padStart(width);
      })
      .join(""),
  );
}

const results = await measureGas(await hre.network.create());
const ordered = Object.fromEntries(CASES.map((name) => [name, results[name]]));
mkdirSync(new URL("./results/", import.meta.url), { recursive: true });
writeFileSync(new URL("./results/gas.json", import.meta.url), `${JSON.stringify(ordered, undefined, 2)}\n`);
print(results);
