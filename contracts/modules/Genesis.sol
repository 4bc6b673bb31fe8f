// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IPool} from "../interfaces/IPool.sol";
import {IValidators} from "../interfaces/IValidators.sol";
import {Bitmap} from "../libraries/Bitmap.sol";
import {Budget} from "../types/Budget.sol";
import {PoolLibrary} from "../types/Pool.sol";
import {GenesisValidator} from "../types/Validator.sol";
import {Membership} from "./Membership.sol";

/// @notice The rollup's first state.
abstract contract Genesis is Membership {
    /// @dev The genesis set, the seeds of epochs 0 and 1, and the pool with its first budget: what is sent beyond the
    /// stakes. The keys are trusted: whoever deploys checks their proofs of possession.
    constructor(GenesisValidator[] memory genesis, bytes32 seed0, bytes32 seed1) payable {
        uint256 size = genesis.length;
        if (size < MIN_VALIDATORS || size > MAX_VALIDATORS) {
            revert IValidators.Validators__GenesisSetSize(size, MIN_VALIDATORS, MAX_VALIDATORS);
        }
        uint256 stakesWei = STAKE_WEI * size;
        if (msg.value < stakesWei) revert IValidators.Validators__WrongStake(stakesWei, msg.value);
        bytes memory aggregate = new bytes(256);
        for (uint256 i; i < size; ++i) {
            aggregate = _admit(i, genesis[i].owner, genesis[i].publicKey, 0, aggregate);
        }
        _occupied = Bitmap.dense(size);
        _setVersion(_occupied, 0, aggregate);
        _openPool(msg.value - stakesWei);
        _seeds[0] = seed0;
        _seeds[1] = seed1;
        emit IValidators.SeedStored(0, seed0);
        emit IValidators.SeedStored(1, seed1);
    }

    function _openPool(uint256 fundedWei) private {
        if (fundedWei > type(uint96).max) revert IPool.Pool__FundedTooMuch(fundedWei, type(uint96).max);
        _budgets[0] = Budget(0, REWARD_WEI, uint96(fundedWei));
        _budgetCount = 1;
        _pool = PoolLibrary.pack(fundedWei, REWARD_WEI, 1);
        emit IPool.RewardSet(REWARD_WEI, 0);
        if (fundedWei != 0) emit IPool.Funded(msg.sender, fundedWei, 0);
    }
}
