import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { Interface, type InterfaceAbi } from "ethers";
import { readArtifact } from "../../../sdk/abi/artifacts.ts";
import { SEEDS } from "../fixture.ts";
import { range } from "../support/checkpoints.ts";
import { TEST_CONFIG } from "../support/config.ts";
import { publicKey } from "../support/keys.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
/** Our own bound, well under the chain's of 24,576 (EIP-170). */
const CODE_BYTES = 23_000;
/** The chain's bound of a creation's code with its arguments (EIP-3860). */
const INIT_CODE_BYTES = 49_152;
/** A genesis set of so many must fit. */
const GENESIS_VALIDATORS = 48;

const bytesOf = (hex: string): number => (hex.length - 2) / 2;
const shown = (bytes: number): string => bytes.toLocaleString("en");

/** Bytes of what creates a contract with these arguments. */
function initCodeBytes(name: string, args: unknown[]): number {
  const { abi, bytecode } = readArtifact(ROOT, name);
  return bytesOf(bytecode) + bytesOf(new Interface(abi as InterfaceAbi).encodeDeploy(args));
}

function genesisOf(size: number) {
  const owner = `0x${"01".repeat(20)}`;
  return [TEST_CONFIG, owner, range(size).map(() => ({ owner, publicKey: publicKey(0) })), ...SEEDS];
}

describe("size", () => {
  for (const name of ["Rollup", "RollupExtension", "RollupLens"]) {
    const bytes = bytesOf(readArtifact(ROOT, name).deployedBytecode);
    it(`of ${name}'s code, ${shown(bytes)} bytes, is below ${shown(CODE_BYTES)}`, () => {
      expect(bytes).to.be.below(CODE_BYTES);
    });
  }

  const extension = initCodeBytes("RollupExtension", [TEST_CONFIG]);
  it(`of RollupExtension's init code, ${shown(extension)} bytes, is below ${shown(INIT_CODE_BYTES)}`, () => {
    expect(extension).to.be.below(INIT_CODE_BYTES);
  });

  const perValidator = initCodeBytes("Rollup", genesisOf(2)) - initCodeBytes("Rollup", genesisOf(1));
  const most = Math.floor((INIT_CODE_BYTES - initCodeBytes("Rollup", genesisOf(0))) / perValidator);
  it(`of Rollup's init code leaves room for a genesis set of ${most}: later ones register`, () => {
    expect(initCodeBytes("Rollup", genesisOf(GENESIS_VALIDATORS))).to.be.below(INIT_CODE_BYTES);
  });
});
