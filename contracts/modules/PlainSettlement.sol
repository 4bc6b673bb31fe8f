// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {LogHash} from "../libraries/LogHash.sol";
import {LogHead} from "../types/CheckpointLog.sol";
import {LogFacts} from "../types/LogFacts.sol";
import {Payout, PayoutLibrary} from "../types/Payout.sol";
import {Budgets} from "./Budgets.sol";

/// @notice The common case of settling, made cheap: rows of checkpoints whose coinbase gets the whole reward. It decides
/// nothing that `Settlement` would decide otherwise, and refuses nothing: whatever is not plain it leaves.
abstract contract PlainSettlement is Budgets {
    /// What one run of `settle` goes by.
    struct Run {
        /// The settled tip before, and as far as the run has come.
        uint256 first;
        uint256 settled;
        /// The submitted tip, and the last checkpoint that is proven, which is never above it.
        uint256 tip;
        uint256 proven;
        /// Landings up to this time are past their challenge, seconds.
        uint256 finalTime;
        /// How many rests were opened.
        uint256 opened;
    }

    /// @dev Settles as many checkpoints in a row as are plain: the next number, neither late nor shared, proven, final, of a
    /// slot before the next budget, with a whole reward for each and no prover to pay out of it; and the head is the one
    /// that landed.
    /// @param from index of the first head to look at.
    /// @return index of the first head that was left.
    function _settlePlain(
        LogHead[] calldata heads,
        uint256 from,
        Run memory run,
        Purse memory purse,
        Payout[] memory payouts
    ) internal returns (uint256) {
        uint256 rewardWei = purse.rewardWei;
        if (rewardWei == 0 || PROVER_BPS != 0) return from;
        unchecked {
            uint256 last = _reach(heads.length - from, run, purse);
            // In local variables: read from memory once for the row.
            uint256 nextSlot = purse.nextSlot;
            uint256 finalTime = run.finalTime;
            uint256 number = run.settled + 1;
            LogHead calldata head = _at(heads, from);
            for (; number <= last; ++number) {
                LogFacts facts = head.facts;
                if (!facts.isPlain(number)) break;
                uint256 slot = facts.slot();
                if (slot >= nextSlot) break;
                if (!_isFinal(facts, finalTime)) break;
                if (LogHash.ofHead(head) != _logHash(number)) break;
                _credit(head.coinbase, rewardWei);
                _put(payouts, number - run.first, PayoutLibrary.pack(number, slot, rewardWei, 0));
                head = _after(head);
            }
            uint256 passed = number - 1 - run.settled;
            run.settled += passed;
            purse.availableWei -= passed * rewardWei;
            return from + passed;
        }
    }

    /// @dev Past its challenge, or never open to one.
    function _isFinal(LogFacts facts, uint256 finalTime) internal pure returns (bool) {
        return facts.time() <= finalTime || facts.isVerified();
    }

    /// @dev Writes the element before `position`, which is at most the array's length.
    function _put(Payout[] memory payouts, uint256 position, Payout payout) internal pure {
        assembly ("memory-safe") {
            mstore(add(payouts, shl(5, position)), payout)
        }
    }

    /// @dev Element of an array, to be read only if the caller has seen that the length is greater than `index`.
    function _at(LogHead[] calldata heads, uint256 index) internal pure returns (LogHead calldata head) {
        assembly ("memory-safe") {
            // Three words each.
            head := add(heads.offset, mul(index, 0x60))
        }
    }

    /// @dev The element after one, without multiplying; to be read as that of `_at`.
    function _after(LogHead calldata head) private pure returns (LogHead calldata next) {
        assembly ("memory-safe") {
            next := add(head, 0x60)
        }
    }

    /// @return last the highest number that so many heads reach, that is proven, and that the purse can pay in full; the
    /// reward is not zero.
    function _reach(uint256 count, Run memory run, Purse memory purse) private pure returns (uint256 last) {
        uint256 paid = _quotient(purse.availableWei, purse.rewardWei);
        last = run.settled + (count < paid ? count : paid);
        if (last > run.proven) last = run.proven;
    }
}
