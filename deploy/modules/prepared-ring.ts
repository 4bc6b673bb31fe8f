import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import rollupModule from "./rollup.ts";

/** Words that one call writes, at some 22,400 gas each: well below what a transaction may use (EIP-7825). */
const WORDS_PER_CALL = 256;

/**
 * The rollup, and then the first words of its ring written before they are used: so that a late landing costs in the
 * first round what it is quoted at, and whoever lands for profit has some.
 * @param words How many, at most the ring's size; the word of checkpoint n is the one at n modulo that.
 * @throws RangeError when that is no number of words.
 */
export function preparedRing(words: number) {
  if (!Number.isSafeInteger(words) || words < 0) {
    throw new RangeError(`words of the ring to prepare: expected a whole number from 0 on, got ${words}`);
  }
  return buildModule("PreparedRing", (m) => {
    const deployed = m.useModule(rollupModule);
    const calls = m.contractAt("RollupExtension", deployed.rollup, { id: "Calls" });
    for (let first = 0; first < words; first += WORDS_PER_CALL) {
      const count = Math.min(WORDS_PER_CALL, words - first);
      m.call(calls, "prepareRing", [first, count], { id: `words_from_${first}` });
    }
    return deployed;
  });
}

/** For the command line: as many words as the environment says. */
export default preparedRing(Number(process.env.PREPARED_RING_WORDS ?? 0));
