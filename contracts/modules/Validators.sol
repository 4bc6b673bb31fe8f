// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IValidators} from "../interfaces/IValidators.sol";
import {Bitmap} from "../libraries/Bitmap.sol";
import {Bls} from "../libraries/Bls.sol";
import {KeyCode} from "../libraries/KeyCode.sol";
import {Signing} from "../libraries/Signing.sol";
import {SetVersion} from "../types/SetVersion.sol";
import {Validator} from "../types/Validator.sol";
import {Credits} from "./Credits.sol";
import {Delegated} from "./Delegated.sol";
import {Membership} from "./Membership.sol";
import {Seeds} from "./Seeds.sol";

/// @notice Joining and leaving the validator set.
abstract contract Validators is Delegated, Membership, Seeds, Credits, IValidators {
    /// @inheritdoc IValidators
    function register(
        address owner,
        bytes32[8] calldata publicKey,
        bytes32[3] calldata possession
    ) external payable atRollup returns (uint256 index) {
        if (msg.value != STAKE_WEI) revert Validators__WrongStake(STAKE_WEI, msg.value);
        SetVersion memory latest = _latestVersion();
        if (latest.count >= MAX_VALIDATORS || ~_occupied == 0) {
            revert Validators__SetFull(latest.count, MAX_VALIDATORS);
        }
        bytes memory key = abi.encodePacked(publicKey);
        bytes32 message = Signing.possessionMessage(owner, keccak256(key));
        if (!Bls.verify(possession, key, message, Signing.POSSESSION_TAG)) {
            revert Validators__PossessionNotProven(owner);
        }

        index = Bitmap.lowest(~_occupied);
        uint256 fromEpoch = _changeEpoch();
        _occupied |= 1 << index;
        bytes memory aggregate = KeyCode.load(latest.aggregateNonce);
        aggregate = _admit(index, owner, publicKey, fromEpoch, aggregate);
        _setVersion(latest.members | (1 << index), fromEpoch, aggregate);
    }

    /// @inheritdoc IValidators
    function exit(uint256 index) external {
        Validator memory leaver = _validators[index];
        if (msg.sender != leaver.owner && !leaver.slashed) revert Validators__NotOwner(index, leaver.owner, msg.sender);
        if (leaver.untilEpoch != 0) revert Validators__AlreadyLeaving(index, leaver.untilEpoch);
        uint256 size = _latestVersion().count;
        if (size <= MIN_VALIDATORS) revert Validators__SetTooSmall(size, MIN_VALIDATORS);
        _dismiss(1 << index);
    }

    /// @inheritdoc IValidators
    function withdrawStake(uint256 index) external {
        Validator memory gone = _validators[index];
        uint256 until = type(uint256).max;
        if (gone.untilEpoch != 0) until = _evidenceUntil(uint256(gone.untilEpoch) - 1);
        if (block.timestamp < until) revert Validators__StakeLocked(index, until, block.timestamp);
        // Its keys may be needed until no unsettled checkpoint belongs to an epoch it was a member in.
        uint256 lastSlot = uint256(gone.untilEpoch) * EPOCH_SLOTS - 1;
        uint256 settledSlot = _context.settledSlot();
        if (settledSlot < lastSlot && _context.settledNumber() != _tips.number()) {
            revert Validators__LastSlotUnsettled(index, lastSlot, settledSlot);
        }

        delete _validators[index];
        _occupied &= ~(1 << index);
        uint256 amountWei = gone.slashed ? 0 : STAKE_WEI;
        emit StakeWithdrawn(index, gone.owner, amountWei);
        if (amountWei != 0) _pay(gone.owner, amountWei);
    }

    /// @inheritdoc IValidators
    function poke() external {
        _storeSeed(_slotAt(block.timestamp));
    }

    /// @inheritdoc IValidators
    function validatorSet(
        uint256 epoch
    ) external view returns (uint256 members, uint256 count, bytes32[8] memory aggregateKey) {
        uint256 nonce;
        (members, count, nonce) = _setOf(_context, epoch);
        aggregateKey = abi.decode(KeyCode.load(nonce), (bytes32[8]));
    }

    /// @inheritdoc IValidators
    function validator(
        uint256 index
    )
        external
        view
        returns (address owner, uint256 fromEpoch, uint256 untilEpoch, bool slashed, bytes32[8] memory publicKey)
    {
        Validator memory found = _validators[index];
        if (found.owner == address(0)) return (address(0), 0, 0, false, publicKey);
        bytes32[8] memory negated = abi.decode(KeyCode.load(_keyNonces[index]), (bytes32[8]));
        return (found.owner, found.fromEpoch, found.untilEpoch, found.slashed, Bls.negateKey(negated));
    }

    /// @inheritdoc IValidators
    function proposerOf(uint256 slot) external view returns (uint256 index) {
        uint256 epoch = _epochOf(slot);
        (uint256 members, uint256 count, ) = _setOf(_context, epoch);
        return Bitmap.select(members, uint256(keccak256(abi.encode(seedOf(epoch), slot))) % count);
    }

    /// @inheritdoc IValidators
    function seedOf(uint256 epoch) public view returns (bytes32) {
        bytes32 seed = _seeds[epoch];
        if (seed != 0) return seed;
        // Epoch e's seed is stored during e - 1, so until that is over it is not known that it never will be.
        if (epoch > _epochAt(block.timestamp)) revert Validators__SeedUnknown(epoch);
        uint256 last = epoch;
        while (seed == 0) seed = _seeds[--last];
        while (last < epoch) seed = keccak256(abi.encode(seed, ++last));
        return seed;
    }
}
