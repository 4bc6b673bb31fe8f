import { readFileSync } from "node:fs";
import { ContractFactory, getCreateAddress, Interface, type InterfaceAbi, keccak256, toUtf8Bytes } from "ethers";
import { agentKeys, DEPLOYER } from "../../deploy/devnet/accounts.ts";
import type { HardhatProvider } from "../../deploy/devnet/l1/hardhat-chain.ts";
import { genesisParameters } from "../../deploy/genesis.ts";
import { ROLLUP_ABI } from "../../sdk/abi/generated/rollup.ts";
import type { Deployment } from "../../sdk/agent/config/interface.ts";
import { publicKeyOf } from "../../sdk/bls/keys.ts";
import { provePossession } from "../../sdk/bls/possession.ts";
import { type Hex, hexToBytes } from "../../sdk/types/hex.ts";
import type { Setting } from "./setting.ts";

/** Rewards the pool can pay: more slots than any simulation has. */
const POOL_CHECKPOINTS = 10_000n;

/** Proposer seeds of the first two epochs. */
const SEEDS: [Hex, Hex] = [seed("epoch 0"), seed("epoch 1")];

/** Proofs of possession are slow to make, and the same for every deployment by one account. */
const genesisSets = new Map<string, ReturnType<typeof genesisParameters>>();

/** Deploys the rollup of a setting on a fresh L1 that mines at once, and bonds accounts. */
export async function deployForSimulation(
  provider: HardhatProvider,
  setting: Setting,
  genesisTime: number,
  bonded: readonly Hex[] = [...setting.validatorsOf.keys()].map((index) => agentKeys(index).l1Address),
): Promise<Deployment> {
  const send = async (transaction: Record<string, unknown>): Promise<void> => {
    const hash = await provider.request({ method: "eth_sendTransaction", params: [transaction] });
    const receipt = (await provider.request({ method: "eth_getTransactionReceipt", params: [hash] })) as {
      status: Hex;
    };
    if (Number(receipt.status) !== 1) throw new Error(`the deployment reverted: ${JSON.stringify(receipt)}`);
  };
  const create = async (name: string, args: unknown[], value: bigint): Promise<void> => {
    const path = new URL(`../../artifacts/contracts/${name}.sol/${name}.json`, import.meta.url);
    const { abi, bytecode } = JSON.parse(readFileSync(path, "utf8")) as { abi: InterfaceAbi; bytecode: string };
    const { data } = await new ContractFactory(abi, bytecode).getDeployTransaction(...args);
    await send({ from: DEPLOYER.address, data, value: `0x${value.toString(16)}` });
  };
  const chainId = Number(await provider.request({ method: "eth_chainId" }));
  const [extension, rollup] = [0, 1].map(
    (nonce) => getCreateAddress({ from: DEPLOYER.address, nonce }).toLowerCase() as Hex,
  ) as [Hex, Hex];
  const { valueWei, ...genesis } = genesisOf(setting, BigInt(chainId), rollup, genesisTime);
  const config = { ...setting.rollup, genesisTime };
  await create("RollupExtension", [config], 0n);
  await create("Rollup", [config, extension, genesis.genesis, genesis.seed0, genesis.seed1], valueWei);
  const bond = new Interface(ROLLUP_ABI).encodeFunctionData("bond");
  for (const from of bonded) {
    const value = `0x${setting.rollup.bondWei.toString(16)}`;
    await send({ from, to: rollup, value, data: bond });
  }
  const { leaving } = setting;
  if (leaving !== undefined) {
    const data = new Interface(ROLLUP_ABI).encodeFunctionData("exit", [leaving]);
    await send({ from: agentKeys(leaving).l1Address, to: rollup, data });
  }
  return { rollup, chainId, deploymentBlock: 1 };
}

function genesisOf(
  { rollup: parameters, validatorsOf }: Setting,
  chainId: bigint,
  rollup: Hex,
  genesisTime: number,
): ReturnType<typeof genesisParameters> {
  const { l1SlotSeconds, stakeWei, rewardWei } = parameters;
  const count = validatorsOf.flat().length;
  const key = [chainId, rollup, genesisTime, count, l1SlotSeconds, stakeWei, rewardWei].join();
  const known = genesisSets.get(key);
  if (known !== undefined) return known;
  const validators = Array.from({ length: count }, (_, index) => {
    const { blsSecretKey, l1Address: owner } = agentKeys(index);
    const secretKey = hexToBytes(blsSecretKey);
    const possession = provePossession({ chainId, registry: rollup, owner }, secretKey);
    return { owner, publicKey: publicKeyOf(secretKey), possession };
  });
  const time = { genesisTime, l1SlotStart: genesisTime, l1SlotSeconds };
  const amounts = { stakeWei, poolWei: rewardWei * POOL_CHECKPOINTS };
  const made = genesisParameters({ chainId, rollup }, validators, time, SEEDS, amounts);
  genesisSets.set(key, made);
  return made;
}

function seed(purpose: string): Hex {
  return keccak256(toUtf8Bytes(`baton simulation ${purpose}`)) as Hex;
}
