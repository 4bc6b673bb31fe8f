import { AbiCoder, getCreateAddress } from "ethers";
import type { CheckpointLog } from "../../../sdk/build/log.ts";
import type { RollupConfig } from "../../../sdk/get/config.ts";
import { ACCOUNTS, type FixtureOptions, fixtureOf, type TestRollup } from "../fixture.ts";
import { deployTestContract } from "./harness.ts";
import { account, addressOf, type Connection } from "./l1.ts";

const DEPLOYER = account(18);
const DIGEST_OFFSET = 96n;

/** Where the verifier will be: the first contract of an account that does nothing else. */
const VERIFIER = addressOf({ address: getCreateAddress({ from: DEPLOYER.address, nonce: 0 }) });

/** A rollup whose verifier takes a proof for what it is: the encoded inputs. Proofs are due within one epoch. */
export const PROVEN: Partial<RollupConfig> = { verifier: VERIFIER, proofWindowEpochs: 1, proverBps: 500 };

/** Deploys the verifier where `PROVEN` says it is. */
export const deployVerifier = (connection: Connection): Promise<unknown> =>
  deployTestContract(connection, "TestVerifier", DEPLOYER);

/** As `fixtureOf`, with a verifier. */
export function provenFixtureOf(options: FixtureOptions = {}): () => Promise<TestRollup> {
  const load = fixtureOf({ ...options, config: { ...PROVEN, ...options.config } });
  return async () => {
    const test = await load();
    await deployVerifier(test.connection);
    return test;
  };
}

/** Arguments of `prove` with a proof that is accepted. */
export function proofOf(first: CheckpointLog, last: CheckpointLog, prover = addressOf(ACCOUNTS.stranger)) {
  const inputs = [first.details.parent >> DIGEST_OFFSET, last.details.digest, prover];
  return [first, last, prover, AbiCoder.defaultAbiCoder().encode(["uint160", "bytes32", "address"], inputs)] as const;
}
