// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IRollupLens} from "../interfaces/IRollupLens.sol";
import {InboxStatus, Overview} from "../types/LensAnswers.sol";
import {LensBase} from "./LensBase.sol";

/// @notice Where the chain stands: tips, log hashes, inbox.
abstract contract TipLens is LensBase {
    /// @inheritdoc IRollupLens
    function overview() external view returns (Overview memory seen) {
        seen.l1Block = block.number;
        seen.time = block.timestamp;
        seen.slot = _slotOf(block.timestamp);
        seen.epoch = _epochOf(seen.slot);
        (seen.submittedSlot, seen.submittedNumber, seen.inboxCount, seen.digest) = ROLLUP.tips();
        (seen.settledNumber, seen.settledSlot) = ROLLUP.settledTip();
        seen.provenNumber = ROLLUP.provenNumber();
        seen.refillSlot = ROLLUP.refillSlot();
    }

    /// @inheritdoc IRollupLens
    function unsettledLogs(uint256 from, uint256 count) external view returns (uint256 first, bytes32[] memory hashes) {
        (uint256 settled, ) = ROLLUP.settledTip();
        (, uint256 tip, , ) = ROLLUP.tips();
        first = from > settled ? from : settled + 1;
        uint256 skipped = first - from;
        uint256 last = tip < first ? 0 : tip - first + 1;
        uint256 wanted = count > skipped ? count - skipped : 0;
        hashes = new bytes32[](wanted < last ? wanted : last);
        for (uint256 i; i < hashes.length; ++i) hashes[i] = ROLLUP.logHash(first + i);
    }

    /// @inheritdoc IRollupLens
    function inbox(uint256 slot) external view returns (InboxStatus memory status) {
        (, , status.consumed, ) = ROLLUP.tips();
        status.total = ROLLUP.inboxTotal();
        status.backlog = status.total - status.consumed;
        uint256 before = ROLLUP.inboxCountBefore(slot);
        // The tip may be of a later slot, with a later cut-off.
        status.due = before > status.consumed ? before - status.consumed : 0;
        status.inboxCount = ROLLUP.inboxCountDue(slot);
        if (status.due != 0) {
            bytes32 refunds = ROLLUP.refundsHash(_epochOf(slot));
            bytes32 messages = ROLLUP.inboxHash(status.inboxCount);
            status.inboxHash = refunds == 0 ? messages : keccak256(abi.encode(messages, refunds));
        }
    }
}
