// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IProofs} from "../interfaces/IProofs.sol";
import {IVerifier, ProofInputs} from "../interfaces/IVerifier.sol";
import {LogHash} from "../libraries/LogHash.sol";
import {CheckpointLog} from "../types/CheckpointLog.sol";
import {Context} from "../types/Context.sol";
import {Tips} from "../types/Tips.sol";
import {Base} from "./Base.sol";

/// @notice The proven tip: moving it, and cutting off what it does not reach.
abstract contract Proofs is Base, IProofs {
    /// @inheritdoc IProofs
    function prove(
        CheckpointLog calldata first,
        CheckpointLog calldata last,
        address prover,
        bytes calldata proof
    ) external {
        uint256 from = _requireFirstUnproven(first);
        uint256 to = last.facts.number();
        if (to < from) revert Proofs__OutOfOrder(from, to);
        _requireLanded(last, to);
        ProofInputs memory inputs = ProofInputs(first.details.parent.digest(), last.details.digest, prover);
        if (!IVerifier(VERIFIER).verify(inputs, proof)) revert Proofs__Invalid(from, to);

        for (uint256 number = from; number <= to; ++number) _provers[_remainder(number, RING_SIZE)] = prover;
        _context = _context.withProven(to);
        emit CheckpointsProven(from, to, prover);
    }

    /// @inheritdoc IProofs
    function prune(CheckpointLog calldata firstUnproven) external {
        uint256 first = _requireFirstUnproven(firstUnproven);
        uint256 firstSlot = firstUnproven.facts.slot();
        uint256 fromSlot = (_epochOf(firstSlot) + 1 + PROOF_WINDOW_EPOCHS) * EPOCH_SLOTS;
        // A checkpoint landed, so genesis is past.
        uint256 currentSlot = _quotient(block.timestamp - GENESIS_TIME, SLOT_SECONDS);
        if (currentSlot < fromSlot) revert Proofs__WindowOpen(first, fromSlot, currentSlot);

        Tips tips = _tips;
        Context context = _context;
        _tips = firstUnproven.details.parent;
        if (tips.slot() > context.refillSlot()) _context = context.withRefillSlot(tips.slot());
        emit CheckpointsPruned(first, tips.number(), firstSlot, tips.slot(), msg.sender);
    }

    /// @dev Reverts unless there is a verifier, and this is the log of the first checkpoint that is not proven.
    /// @return number its number.
    function _requireFirstUnproven(CheckpointLog calldata log) private view returns (uint256 number) {
        if (VERIFIER == address(0)) revert Proofs__NoVerifier();
        number = log.facts.number();
        uint256 expected = _context.provenNumber() + 1;
        if (number != expected) revert Proofs__OutOfOrder(expected, number);
        _requireLanded(log, number);
    }

    function _requireLanded(CheckpointLog calldata log, uint256 number) private view {
        bytes32 landed = number > _tips.number() ? bytes32(0) : _logHash(number);
        bytes32 given = LogHash.ofLog(log);
        if (given != landed) revert Proofs__LogMismatch(number, landed, given);
    }
}
