// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IRollup} from "./interfaces/IRollup.sol";
import {IRollupLens} from "./interfaces/IRollupLens.sol";
import {AccountLens} from "./lens/AccountLens.sol";
import {LandingLens} from "./lens/LandingLens.sol";
import {LensBase} from "./lens/LensBase.sol";
import {LogLens} from "./lens/LogLens.sol";
import {PoolLens} from "./lens/PoolLens.sol";
import {TipLens} from "./lens/TipLens.sol";
import {ValidatorLens} from "./lens/ValidatorLens.sol";

/// @title Views of one rollup that clients need in one call. See `IRollupLens`.
/// @dev One deployment per rollup: the constants are then in its code, where the rollup's own calendar and premium rule
/// find them, so that there is no second copy of either.
contract RollupLens is LandingLens, LogLens, TipLens, PoolLens, AccountLens, ValidatorLens {
    constructor(IRollup rollup_) LensBase(rollup_) {}

    /// @inheritdoc IRollupLens
    function rollup() external view returns (IRollup) {
        return ROLLUP;
    }
}
