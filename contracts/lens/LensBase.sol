// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IRollup} from "../interfaces/IRollup.sol";
import {IRollupLens} from "../interfaces/IRollupLens.sol";
import {Config} from "../modules/Config.sol";

/// @notice The rollup that is read, and its constants.
abstract contract LensBase is Config, IRollupLens {
    IRollup internal immutable ROLLUP;

    constructor(IRollup rollup_) Config(rollup_.config()) {
        ROLLUP = rollup_;
    }

    /// @dev Slot of a time; zero before genesis, too.
    function _slotOf(uint256 time) internal view returns (uint256) {
        return time < GENESIS_TIME ? 0 : _quotient(time - GENESIS_TIME, SLOT_SECONDS);
    }
}
