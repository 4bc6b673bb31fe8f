import { readFile } from "node:fs/promises";
import {
  type Artifact,
  type ArtifactResolver,
  type DeploymentParameters,
  DeploymentResultType,
  deploy,
} from "@nomicfoundation/ignition-core";
import { getCreateAddress, Interface, keccak256, toUtf8Bytes } from "ethers";
import { ROLLUP_ABI } from "../../sdk/abi/generated/rollup.ts";
import { publicKeyOf } from "../../sdk/bls/keys.ts";
import { provePossession } from "../../sdk/bls/possession.ts";
import { type Hex, hexToBytes } from "../../sdk/types/hex.ts";
import { type GenesisParameters, genesisParameters } from "../genesis.ts";
import { preparedRing } from "../modules/prepared-ring.ts";
import { AGENTS, type AgentKeys, agentKeys, DEPLOYER } from "./accounts.ts";
import { ROLLUP_PARAMETERS } from "./parameters.ts";
import { rpc } from "./rpc.ts";

/** The node mines each transaction at once while this runs. */
const POLL_MS = 50;
/** A busy machine takes its time; nothing here is worth giving up for. */
const RPC_TIMEOUT_MS = 60_000;

/** Rewards the pool can pay: a day of slots. */
const POOL_CHECKPOINTS = 7_200n;

/** What Ignition calls the lens of the module. */
const LENS_ID = "Rollup#RollupLens";

const BOND = new Interface(ROLLUP_ABI).encodeFunctionData("bond");

/** Proposer seeds of the first two epochs: fixed, so that every devnet has the same first proposers. */
const SEEDS: [Hex, Hex] = [seed("epoch 0"), seed("epoch 1")];

export class DeploymentError extends Error {
  constructor(result: unknown) {
    super(`the rollup could not be deployed: ${JSON.stringify(result)}`);
    this.name = "DeploymentError";
  }
}

export interface DeployedRollup {
  rollup: Hex;
  /** The `RollupLens` that reads it. */
  lens: Hex;
  chainId: number;
  /** First L1 block of the deployment: the rollup is not older. */
  deploymentBlock: number;
}

/**
 * Deploys the rollup with the Ignition module on a fresh L1 that holds the devnet's keys, and bonds every agent.
 * @param genesisTime Unix seconds, on the L1's own grid of slots.
 */
export async function deployRollup(l1Url: string, genesisTime: number): Promise<DeployedRollup> {
  const request = <Result>(method: string, params: unknown[] = []) =>
    rpc<Result>(l1Url, method, params, RPC_TIMEOUT_MS);
  const chainId = Number(await request<Hex>("eth_chainId"));
  const deploymentBlock = Number(await request<Hex>("eth_blockNumber")) + 1;
  // The second contract of a fresh chain: known beforehand, so that proofs of possession can be bound to it.
  const rollup = getCreateAddress({ from: DEPLOYER.address, nonce: 1 }).toLowerCase() as Hex;
  const result = await deploy({
    config: { blockPollingInterval: POLL_MS, requiredConfirmations: 1 },
    provider: { request: ({ method, params }) => request(method, params as unknown[]) },
    artifactResolver: ARTIFACTS,
    // Nobody waits for the devnet's ring to wrap.
    ignitionModule: preparedRing(ROLLUP_PARAMETERS.ringSize),
    deploymentParameters: {
      Rollup: { ...ROLLUP_PARAMETERS, ...genesis(BigInt(chainId), rollup, genesisTime) },
    } as unknown as DeploymentParameters,
    accounts: await request<string[]>("eth_accounts"),
    defaultSender: DEPLOYER.address,
  });
  if (result.type !== DeploymentResultType.SUCCESSFUL_DEPLOYMENT) throw new DeploymentError(result);
  const lens = result.contracts[LENS_ID]?.address.toLowerCase() as Hex | undefined;
  if (lens === undefined) throw new DeploymentError(result);
  for (const { l1Address } of allKeys()) {
    const value = `0x${ROLLUP_PARAMETERS.bondWei.toString(16)}`;
    await request("eth_sendTransaction", [{ from: l1Address, to: rollup, value, data: BOND }]);
  }
  return { rollup, lens, chainId, deploymentBlock };
}

/** Where Hardhat puts what it compiles. */
const ARTIFACTS: ArtifactResolver = {
  async loadArtifact(name) {
    const file = new URL(`../../artifacts/contracts/${name}.sol/${name}.json`, import.meta.url);
    return JSON.parse(await readFile(file, "utf8")) as Artifact;
  },
  // Wanted for verifying source code in a block explorer; a devnet has none.
  getBuildInfo: () => Promise.resolve(undefined),
};

function genesis(chainId: bigint, rollup: Hex, genesisTime: number): GenesisParameters {
  const { l1SlotSeconds, stakeWei, rewardWei } = ROLLUP_PARAMETERS;
  const validators = allKeys().map(({ blsSecretKey, l1Address: owner }) => {
    const secretKey = hexToBytes(blsSecretKey);
    const possession = provePossession({ chainId, registry: rollup, owner }, secretKey);
    return { owner, publicKey: publicKeyOf(secretKey), possession };
  });
  return genesisParameters({ chainId, rollup }, validators, { genesisTime, l1SlotStart: 0, l1SlotSeconds }, SEEDS, {
    stakeWei,
    poolWei: rewardWei * POOL_CHECKPOINTS,
  });
}

function allKeys(): AgentKeys[] {
  return Array.from({ length: AGENTS }, (_, index) => agentKeys(index));
}

function seed(purpose: string): Hex {
  return keccak256(toUtf8Bytes(`baton devnet ${purpose}`)) as Hex;
}
