import { type ChainConfig, Common, Hardfork, Mainnet, type ParamsDict } from "@ethereumjs/common";
import type { KZG } from "@ethereumjs/util";
import { keccak } from "./crypto/keccak.ts";
import { verifyKzgProof } from "./crypto/kzg.ts";
import { recoverPublicKey } from "./crypto/recovery.ts";

/**
 * Chain rules that are shared, never copied. ethereumjs copies them and merges its constants anew for every transaction
 * and header, which costs more than executing a transfer; the fork never changes here, so one instance serves all.
 */
class SharedRules extends Common {
  readonly #merged = new Set<ParamsDict>();

  override copy(): Common {
    return this;
  }

  override updateParams(params: ParamsDict): void {
    if (this.#merged.has(params)) return;
    this.#merged.add(params);
    super.updateParams(params);
  }
}

const LAST_FORK = Hardfork.Prague;

/** Ethereum's rules as of Prague, active from genesis, for one chain id; with native signature recovery and hashing. */
export function createChainRules(chainId: number): Common {
  const last = Mainnet.hardforks.findIndex((fork) => fork.name === LAST_FORK);
  const chain: ChainConfig = {
    ...Mainnet,
    name: "l2",
    chainId,
    hardforks: Mainnet.hardforks
      .slice(0, last + 1)
      .filter(({ name }) => name !== Hardfork.Dao) // would demand the DAO fork's extra data in the first ten headers
      .map(({ name, timestamp }) =>
        timestamp === undefined ? { name, block: 0 } : { name, block: null, timestamp: 0 },
      ),
    bootstrapNodes: [],
    dnsNetworks: [],
  };
  const kzg: Pick<KZG, "verifyProof"> = { verifyProof: verifyKzgProof };
  return new SharedRules({
    chain,
    hardfork: LAST_FORK,
    customCrypto: { keccak256: keccak, ecrecover: recoverPublicKey, kzg: kzg as KZG },
  });
}
