import { expect } from "chai";
import { bondGasOf, readSnapshot } from "../../../bench/gas/cases.ts";
import { BOND_GAS_PRICE_WEI, leastBondWei } from "../../../deploy/bond.ts";
import { NETWORKS, readParameters } from "../../../deploy/readParameters.ts";

/** The set for which the dearest answer is measured. */
const MEASURED_SET = 256;
const BLOB_GAS = 131_072n;

describe("size of the bond", () => {
  for (const network of NETWORKS) {
    const { bondWei, maxValidators, ...parameters } = readParameters(network);
    const least = leastBondWei(bondGasOf(readSnapshot()), parameters);

    it(`of ${network}, ${bondWei} wei, is at least the ${least} wei that follow from the dearest answer`, () => {
      expect(bondWei >= least).to.equal(true);
      expect(maxValidators).to.be.at.most(MEASURED_SET);
    });
  }

  it("is twice one answer, two rewards and two landings with all their blobs", () => {
    const gas = 3n + 2n * (5n + 7n * BLOB_GAS);
    expect(leastBondWei({ answer: 3, landing: 5 }, { rewardWei: 11n, maxBlobsPerCheckpoint: 7 })).to.equal(
      2n * (gas * BOND_GAS_PRICE_WEI + 2n * 11n),
    );
  });

  it("goes by the dearer of challenge and cure", () => {
    const results = readSnapshot();
    for (const name of ["challenge256.worst", "cure256.worst"] as const) {
      const dearer = { ...results, [name]: { ...results[name], gas: 9_999_999 } };
      expect(bondGasOf(dearer).answer).to.equal(9_999_999);
    }
  });
});
