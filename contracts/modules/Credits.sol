// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IBonds} from "../interfaces/IBonds.sol";
import {Base} from "./Base.sol";

/// @notice What the contract owes, and sending it.
abstract contract Credits is Base {
    /// @dev Adds to what an account can claim.
    function _credit(address account, uint256 amountWei) internal {
        if (amountWei == 0) return;
        assembly ("memory-safe") {
            // `_credits[account]`, hashed once for reading and writing.
            mstore(0, shr(96, shl(96, account)))
            mstore(0x20, _credits.slot)
            let slot := keccak256(0, 0x40)
            let credit := sload(slot)
            // All the ether there is fits 96 bits. A credit of nothing begins with the 1 wei that a claim leaves.
            sstore(slot, add(add(credit, iszero(credit)), amountWei))
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
