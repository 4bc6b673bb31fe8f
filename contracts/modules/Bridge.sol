// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IOutbox} from "../interfaces/IOutbox.sol";
import {Base} from "./Base.sol";

/// @notice The ether that is on L2.
abstract contract Bridge is Base {
    /// @dev Reverts unless deposits cover the amount: what leaves the bridge is never a stake, a bond, a credit or the
    /// pool's.
    function _unbridge(uint256 amountWei) internal {
        uint256 bridged = _bridgedWei;
        if (amountWei > bridged) revert IOutbox.Outbox__NotBridged(bridged, amountWei);
        _bridgedWei = bridged - amountWei;
    }
}
