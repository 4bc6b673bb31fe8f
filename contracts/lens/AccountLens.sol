// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IRollupLens} from "../interfaces/IRollupLens.sol";
import {BondStatus} from "../types/LensAnswers.sol";
import {LensBase} from "./LensBase.sol";

/// @notice What accounts have at the rollup.
abstract contract AccountLens is LensBase {
    /// @inheritdoc IRollupLens
    function bonds(address[] calldata submitters) external view returns (BondStatus[] memory found) {
        found = new BondStatus[](submitters.length);
        for (uint256 i; i < submitters.length; ++i) {
            (uint256 amountWei, uint256 releaseAt, bool active) = ROLLUP.bondOf(submitters[i]);
            found[i] = BondStatus({
                amountWei: amountWei,
                active: active,
                enough: amountWei >= BOND_WEI,
                releaseAt: releaseAt
            });
        }
    }

    /// @inheritdoc IRollupLens
    function credits(address[] calldata accounts) external view returns (uint256[] memory amountsWei) {
        amountsWei = new uint256[](accounts.length);
        for (uint256 i; i < accounts.length; ++i) amountsWei[i] = ROLLUP.creditOf(accounts[i]);
    }

    /// @inheritdoc IRollupLens
    function withdrawn(uint256[] calldata indices) external view returns (bool[] memory paid) {
        paid = new bool[](indices.length);
        for (uint256 i; i < indices.length; ++i) paid[i] = ROLLUP.isWithdrawn(indices[i]);
    }
}
