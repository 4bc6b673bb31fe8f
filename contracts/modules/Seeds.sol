// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {ISubmissions} from "../interfaces/ISubmissions.sol";
import {IValidators} from "../interfaces/IValidators.sol";
import {Base} from "./Base.sol";

/// @notice Where the proposer schedule's randomness comes from.
abstract contract Seeds is Base {
    /// @dev Fixes the seed of the next epoch, once: it mixes this block's randomness, known only after the set of that
    /// epoch is final, so joining cannot grind it.
    function _storeSeed(uint256 currentSlot) internal {
        uint256 next = _epochOf(currentSlot) + 1;
        if (_seeds[next] != 0) return;
        bytes32 seed = keccak256(abi.encode(block.prevrandao, next));
        _seeds[next] = seed;
        emit IValidators.SeedStored(next, seed);
    }

    function _slotAt(uint256 time) internal view returns (uint256) {
        if (time < GENESIS_TIME) revert ISubmissions.Rollup__BeforeGenesis(GENESIS_TIME, time);
        unchecked {
            return _quotient(time - GENESIS_TIME, SLOT_SECONDS);
        }
    }
}
