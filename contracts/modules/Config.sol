// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IConfig} from "../interfaces/IConfig.sol";
import {Quote} from "../libraries/Quote.sol";
import {RollupConfig} from "../types/RollupConfig.sol";

/// @notice The constants, in the code, and the calendar they make.
abstract contract Config {
    uint256 internal constant BASIS = 10_000;
    /// Below, being late pays with hindsight in too many fee states; above, it costs the honest too much.
    uint256 private constant MIN_BURN_BPS = 250;
    uint256 private constant MAX_BURN_BPS = 3_000;
    /// What a blob holds, and what of it says how long a block's data is.
    uint256 private constant BLOB_PAYLOAD_BYTES = 126_976;
    uint256 private constant LENGTH_BYTES = 4;
    /// Epochs from a change of the set, the reward or the pool to its effect: that of epoch e is final at the end of e - 2.
    uint256 internal constant CHANGE_DELAY_EPOCHS = 2;

    uint64 internal immutable L2_CHAIN_ID;
    uint64 internal immutable GENESIS_TIME;
    uint32 internal immutable L1_SLOT_SECONDS;
    uint32 internal immutable SLOT_SECONDS;
    uint32 internal immutable EPOCH_SLOTS;
    uint32 internal immutable HANDOFF_WINDOW_SECONDS;
    uint32 internal immutable SUCCESSOR_WINDOW_SECONDS;
    uint32 internal immutable CHALLENGE_WINDOW_EPOCHS;
    uint32 internal immutable EVIDENCE_WINDOW_EPOCHS;
    uint32 internal immutable RING_SIZE;
    uint32 internal immutable INBOX_LAG_SLOTS;
    uint32 internal immutable MAX_MESSAGES;
    uint8 internal immutable MAX_BLOBS;
    uint16 internal immutable MIN_VALIDATORS;
    uint16 internal immutable MAX_VALIDATORS;
    uint96 internal immutable STAKE_WEI;
    uint96 internal immutable BOND_WEI;
    uint96 internal immutable MIN_DEPOSIT_WEI;
    uint96 internal immutable REWARD_WEI;
    uint32 internal immutable GAS_QUOTA;
    uint32 internal immutable GAS_QUOTA_BATCH;
    uint64 internal immutable TIP_WEI;
    uint16 internal immutable PREMIUM_BPS;
    uint16 internal immutable PREMIUM_STEP_BPS;
    uint16 internal immutable PREMIUM_MAX_BPS;
    uint16 internal immutable BURN_BPS;
    uint16 internal immutable CAP_BPS;
    uint16 internal immutable PROVER_BPS;
    uint32 internal immutable PROOF_WINDOW_EPOCHS;
    uint32 internal immutable REFUND_WINDOW_EPOCHS;
    uint32 internal immutable MAX_FORCED;
    uint32 internal immutable MAX_FORCED_BYTES;
    address internal immutable GOVERNOR;
    address internal immutable VERIFIER;

    constructor(RollupConfig memory c) {
        _check(c);
        L2_CHAIN_ID = c.l2ChainId;
        GENESIS_TIME = c.genesisTime;
        L1_SLOT_SECONDS = c.l1SlotSeconds;
        SLOT_SECONDS = c.slotSeconds;
        EPOCH_SLOTS = c.epochSlots;
        HANDOFF_WINDOW_SECONDS = c.handoffWindowSeconds;
        SUCCESSOR_WINDOW_SECONDS = c.successorWindowSeconds;
        CHALLENGE_WINDOW_EPOCHS = c.challengeWindowEpochs;
        EVIDENCE_WINDOW_EPOCHS = c.evidenceWindowEpochs;
        RING_SIZE = c.ringSize;
        INBOX_LAG_SLOTS = c.inboxLagSlots;
        MAX_MESSAGES = c.maxMessages;
        MAX_BLOBS = c.maxBlobsPerCheckpoint;
        MIN_VALIDATORS = c.minValidators;
        MAX_VALIDATORS = c.maxValidators;
        STAKE_WEI = c.stakeWei;
        BOND_WEI = c.bondWei;
        MIN_DEPOSIT_WEI = c.minDepositWei;
        REWARD_WEI = c.rewardWei;
        GAS_QUOTA = c.gasQuota;
        GAS_QUOTA_BATCH = c.gasQuotaBatch;
        TIP_WEI = c.tipWei;
        PREMIUM_BPS = c.premiumBps;
        PREMIUM_STEP_BPS = c.premiumStepBps;
        PREMIUM_MAX_BPS = c.premiumMaxBps;
        BURN_BPS = c.burnBps;
        CAP_BPS = c.capBps;
        PROVER_BPS = c.proverBps;
        PROOF_WINDOW_EPOCHS = c.proofWindowEpochs;
        REFUND_WINDOW_EPOCHS = c.refundWindowEpochs;
        MAX_FORCED = c.maxForced;
        MAX_FORCED_BYTES = c.maxForcedBytes;
        GOVERNOR = c.governor;
        VERIFIER = c.verifier;
    }

    /// @dev All constants; what `config()` answers.
    function _config() internal view returns (RollupConfig memory) {
        return
            RollupConfig({
                l2ChainId: L2_CHAIN_ID,
                genesisTime: GENESIS_TIME,
                l1SlotSeconds: L1_SLOT_SECONDS,
                slotSeconds: SLOT_SECONDS,
                epochSlots: EPOCH_SLOTS,
                handoffWindowSeconds: HANDOFF_WINDOW_SECONDS,
                successorWindowSeconds: SUCCESSOR_WINDOW_SECONDS,
                challengeWindowEpochs: CHALLENGE_WINDOW_EPOCHS,
                evidenceWindowEpochs: EVIDENCE_WINDOW_EPOCHS,
                ringSize: RING_SIZE,
                inboxLagSlots: INBOX_LAG_SLOTS,
                maxMessages: MAX_MESSAGES,
                maxBlobsPerCheckpoint: MAX_BLOBS,
                minValidators: MIN_VALIDATORS,
                maxValidators: MAX_VALIDATORS,
                stakeWei: STAKE_WEI,
                bondWei: BOND_WEI,
                minDepositWei: MIN_DEPOSIT_WEI,
                rewardWei: REWARD_WEI,
                gasQuota: GAS_QUOTA,
                gasQuotaBatch: GAS_QUOTA_BATCH,
                tipWei: TIP_WEI,
                premiumBps: PREMIUM_BPS,
                premiumStepBps: PREMIUM_STEP_BPS,
                premiumMaxBps: PREMIUM_MAX_BPS,
                burnBps: BURN_BPS,
                capBps: CAP_BPS,
                proverBps: PROVER_BPS,
                proofWindowEpochs: PROOF_WINDOW_EPOCHS,
                refundWindowEpochs: REFUND_WINDOW_EPOCHS,
                maxForced: MAX_FORCED,
                maxForcedBytes: MAX_FORCED_BYTES,
                governor: GOVERNOR,
                verifier: VERIFIER
            });
    }

    /// @dev Seconds from the start of its slot to a time not before genesis.
    function _secondsIntoSlot(uint256 time) internal view returns (uint256) {
        unchecked {
            return _remainder(time - GENESIS_TIME, SLOT_SECONDS);
        }
    }

    /// @dev Start of a slot, seconds.
    function _startOf(uint256 slot) internal view returns (uint256) {
        unchecked {
            // A slot any caller gets here with is bounded by time, or its answer is only shown.
            return GENESIS_TIME + slot * SLOT_SECONDS;
        }
    }

    function _epochOf(uint256 slot) internal view returns (uint256) {
        return _quotient(slot, EPOCH_SLOTS);
    }

    /// @dev Epoch of a time; time before genesis belongs to epoch 0.
    function _epochAt(uint256 time) internal view returns (uint256) {
        return time < GENESIS_TIME ? 0 : _epochOf(_quotient(time - GENESIS_TIME, SLOT_SECONDS));
    }

    /// @dev First epoch that a change made now is in force in.
    function _changeEpoch() internal view returns (uint256) {
        return _epochAt(block.timestamp) + CHANGE_DELAY_EPOCHS;
    }

    function _challengeWindowSeconds() internal view returns (uint256) {
        return uint256(CHALLENGE_WINDOW_EPOCHS) * EPOCH_SLOTS * SLOT_SECONDS;
    }

    /// @dev Division by a constant that the constructor has found not to be zero, without asking again.
    function _quotient(uint256 dividend, uint256 divisor) internal pure returns (uint256 quotient) {
        assembly ("memory-safe") {
            quotient := div(dividend, divisor)
        }
    }

    /// @dev As `_quotient`.
    function _remainder(uint256 dividend, uint256 divisor) internal pure returns (uint256 remainder) {
        assembly ("memory-safe") {
            remainder := mod(dividend, divisor)
        }
    }

    function _check(RollupConfig memory c) private pure {
        _require(c.l1SlotSeconds != 0, "l1SlotSeconds", c.l1SlotSeconds);
        _require(c.slotSeconds != 0 && c.slotSeconds % c.l1SlotSeconds == 0, "slotSeconds", c.slotSeconds);
        _require(c.epochSlots != 0, "epochSlots", c.epochSlots);
        _require(
            c.handoffWindowSeconds % c.l1SlotSeconds == 0 && c.handoffWindowSeconds < c.slotSeconds,
            "handoffWindowSeconds",
            c.handoffWindowSeconds
        );
        _require(
            c.successorWindowSeconds % c.l1SlotSeconds == 0 && c.successorWindowSeconds <= c.handoffWindowSeconds,
            "successorWindowSeconds",
            c.successorWindowSeconds
        );
        _require(c.challengeWindowEpochs != 0, "challengeWindowEpochs", c.challengeWindowEpochs);
        // The cut-off of slot 0 must not lie before time began, nor genesis beyond 40 bits.
        _require(
            c.genesisTime >= uint256(c.inboxLagSlots) * c.slotSeconds && c.genesisTime <= type(uint40).max,
            "genesisTime",
            c.genesisTime
        );
        _require(c.ringSize != 0, "ringSize", c.ringSize);
        _require(c.maxMessages != 0, "maxMessages", c.maxMessages);
        _require(c.maxBlobsPerCheckpoint != 0, "maxBlobsPerCheckpoint", c.maxBlobsPerCheckpoint);
        _require(c.maxValidators != 0 && c.maxValidators <= 256, "maxValidators", c.maxValidators);
        _require(c.minValidators != 0 && c.minValidators <= c.maxValidators, "minValidators", c.minValidators);
        // A bond of nothing would be active for everybody.
        _require(c.bondWei != 0, "bondWei", c.bondWei);
        _require(c.minDepositWei != 0, "minDepositWei", c.minDepositWei);
        _require(c.premiumMaxBps <= BASIS && c.premiumBps <= c.premiumMaxBps, "premiumMaxBps", c.premiumMaxBps);
        _require(c.burnBps >= MIN_BURN_BPS && c.burnBps <= MAX_BURN_BPS, "burnBps", c.burnBps);
        _require(uint256(c.capBps) + c.burnBps <= BASIS, "capBps", c.capBps);
        _require(c.proverBps <= BASIS && (c.proverBps == 0 || c.verifier != address(0)), "proverBps", c.proverBps);
        _require(c.proofWindowEpochs != 0 || c.verifier == address(0), "proofWindowEpochs", c.proofWindowEpochs);
        _require(
            c.refundWindowEpochs > uint256(c.challengeWindowEpochs) + c.proofWindowEpochs,
            "refundWindowEpochs",
            c.refundWindowEpochs
        );
        _require(c.maxForced <= c.maxMessages, "maxForced", c.maxForced);
        // Else no checkpoint could be made with all that may be forced upon it, or none with much besides. That it fits a
        // block's gas is for agents to check: L1 does not know L2's limit.
        _require(
            2 * uint256(c.maxForced) * c.maxForcedBytes + LENGTH_BYTES <=
                uint256(c.maxBlobsPerCheckpoint) * BLOB_PAYLOAD_BYTES,
            "maxForcedBytes",
            c.maxForcedBytes
        );
        _require(c.tipWei >> Quote.FEE_BITS == 0, "tipWei", c.tipWei);
        _require(c.gasQuotaBatch <= c.gasQuota, "gasQuotaBatch", c.gasQuotaBatch);
    }

    function _require(bool holds, string memory field, uint256 value) private pure {
        if (!holds) revert IConfig.Config__Invalid(field, value);
    }
}
