// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IBonds} from "../interfaces/IBonds.sol";
import {Base} from "./Base.sol";

/// @notice What the contract owes, and sending it.
abstract contract Credits is Base {
    /// @dev Adds to what an account can claim.
    function _credit(address account, uint256 amountWei) internal {
        if (amountWei == 0) return;
        uint256 credit = _credits[account];
        unchecked {
            // All the ether there is fits 96 bits.
            _credits[account] = (credit == 0 ? 1 : credit) + amountWei;
        }
    }

    /// @dev Sends ether, as the last thing a function does. The account may use all gas there is, and call anything; what
    /// it answers is not looked at, so that a long answer costs nobody else anything.
    function _pay(address account, uint256 amountWei) internal {
        bool success;
        assembly ("memory-safe") {
            success := call(gas(), account, amountWei, 0, 0, 0, 0)
        }
        if (!success) revert IBonds.Bonds__PaymentRefused(account, amountWei);
    }
}
