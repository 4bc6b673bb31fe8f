import { HDNodeWallet, keccak256, toUtf8Bytes, Wallet } from "ethers";
import { secretKeyFromSeed } from "../../sdk/bls/keys.ts";
import { bytesToHex, type Hex } from "../../sdk/types/hex.ts";

/** Validators, and so agents, of the devnet: the fewest of which one may be missing from a quorum. */
export const AGENTS = 4;

/** Known to everyone, as in every development chain: these keys are worth nothing anywhere else. */
const MNEMONIC = "test test test test test test test test test test test junk";

/** Everything one agent signs with. All of it follows from its index. */
export interface AgentKeys {
  name: string;
  /** BLS secret key of its validator, 32 bytes. */
  blsSecretKey: Hex;
  /** Pays for submissions on L1; owns the validator and receives its rewards. */
  l1Key: Hex;
  l1Address: Hex;
  /** Its peer identity is derived from it, 32 bytes. */
  peerSeed: Hex;
}

/** A funded account. */
export interface Account {
  address: Hex;
  key: Hex;
}

/** By index: to derive one takes some milliseconds. */
const accounts = new Map<number, Account>();

/** Deploys the contracts on L1 and funds nothing else. */
export const DEPLOYER = mnemonicAccount(0);
/** For the newcomer's wallet: funded on L2. */
export const WALLET = mnemonicAccount(AGENTS + 1);

/** The independent submitter of the `third-party` scenario: funded on L1. */
export const SUBMITTER = mnemonicAccount(AGENTS + 2);

/** The one that lands what nobody signed, in the `forged-landing` scenario: funded on L1. */
export const FORGER_ACCOUNT = mnemonicAccount(AGENTS + 3);

export function agentKeys(index: number): AgentKeys {
  const account = mnemonicAccount(1 + index);
  return {
    name: `agent-${index}`,
    blsSecretKey: bytesToHex(secretKeyFromSeed(seed("validator", index))),
    l1Key: account.key,
    l1Address: account.address,
    peerSeed: keccak256(toUtf8Bytes(`baton devnet peer ${index}`)) as Hex,
  };
}

/** The account number `index` of the load. */
export function loadAccount(index: number): Account {
  const key = bytesToHex(seed("load", index));
  return { key, address: new Wallet(key).address.toLowerCase() as Hex };
}

function seed(purpose: string, index: number): Uint8Array {
  return Uint8Array.from(Buffer.from(keccak256(toUtf8Bytes(`baton devnet ${purpose} ${index}`)).slice(2), "hex"));
}

/** The account number `index` of the mnemonic. */
export function mnemonicAccount(index: number): Account {
  const known = accounts.get(index);
  if (known !== undefined) return known;
  const wallet = HDNodeWallet.fromPhrase(MNEMONIC, undefined, `m/44'/60'/0'/0/${index}`);
  const account = { key: wallet.privateKey as Hex, address: wallet.address.toLowerCase() as Hex };
  accounts.set(index, account);
  return account;
}
