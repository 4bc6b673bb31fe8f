import { readFileSync } from "node:fs";
import { Contract, ContractFactory, JsonRpcProvider, keccak256, parseEther, toUtf8Bytes, Wallet } from "ethers";
import { publicKeyOf } from "../../sdk/bls/keys.ts";
import { publicKeyToSolidity } from "../../sdk/bls/solidity.ts";
import { DEVNET_PARAMETERS as p } from "../../sdk/types/parameters.ts";
import { AGENTS, agentKeys, DEPLOYER } from "./accounts.ts";
export async function deployRollup(url: string, genesisTime: number, l2ChainId: number) {
  const art = JSON.parse(readFileSync("artifacts/contracts/Rollup.sol/Rollup.json", "utf8"));
  const provider = new JsonRpcProvider(url);
  const genesis = Array.from({ length: AGENTS }, (_, i) => ({
    owner: agentKeys(i).l1Address,
    publicKey: publicKeyToSolidity(publicKeyOf(Buffer.from(agentKeys(i).blsSecretKey.slice(2), "hex"))),
  }));
  const s = {
    l2ChainId,
    genesisTime,
    l1SlotSeconds: 2,
    slotSeconds: 12,
    epochSlots: 8,
    handoffWindowSeconds: 8,
    successorWindowSeconds: 4,
    challengeWindowEpochs: 1,
    evidenceWindowEpochs: 1,
    ringSize: 64,
    inboxLagSlots: 3,
    maxMessages: 64,
    maxBlobsPerCheckpoint: 3,
    minValidators: 1,
    maxValidators: 256,
    stakeWei: parseEther("1"),
    bondWei: parseEther("1"),
    minDepositWei: 10n ** 9n,
    rewardWei: 10n ** 16n,
    gasQuota: 48000,
    gasQuotaBatch: 17000,
    tipWei: 10n ** 9n,
    premiumBps: 1000,
    premiumStepBps: 0,
    premiumMaxBps: 5000,
  };
  const f = new ContractFactory(art.abi, art.bytecode, new Wallet(DEPLOYER.key, provider));
  const t = Date.now();
  const c = await f.deploy(s, genesis, keccak256(toUtf8Bytes("0")), keccak256(toUtf8Bytes("1")), {
    value: parseEther("4"),
  });
  await c.waitForDeployment();
  for (let i = 0; i < AGENTS; i++)
    await (new Contract(await c.getAddress(), art.abi, new Wallet(agentKeys(i).l1Key, provider)) as any).bond({
      value: parseEther("1"),
    });
  console.error("deployed in", Date.now() - t);
  const deploymentBlock = await provider.getBlockNumber();
  return { rollup: (await c.getAddress()).toLowerCase() as `0x${string}`, deploymentBlock, chainId: 31337 };
}
