// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IRollup} from "../interfaces/IRollup.sol";

/// @notice Code that is meant to run on a rollup's state, and not on its own.
abstract contract Delegated {
    address private immutable SELF = address(this);

    /// @dev On every function that takes ether, so that the extension's own address keeps none.
    modifier atRollup() {
        if (address(this) == SELF) revert IRollup.Rollup__NotTheRollup(SELF);
        _;
    }
}
