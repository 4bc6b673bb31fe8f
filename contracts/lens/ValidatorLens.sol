// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IRollupLens} from "../interfaces/IRollupLens.sol";
import {Proposer, ValidatorRecord} from "../types/LensAnswers.sol";
import {LensBase} from "./LensBase.sol";

/// @notice Who validates, and who proposes when.
abstract contract ValidatorLens is LensBase {
    /// Validators have indices below this.
    uint256 private constant INDICES = 256;

    /// @inheritdoc IRollupLens
    function schedule(uint256 firstSlot, uint256 count) external view returns (Proposer[] memory proposers) {
        proposers = new Proposer[](count);
        uint256 known;
        while (known < count) {
            try ROLLUP.proposerOf(firstSlot + known) returns (uint256 index) {
                (address owner, , , , ) = ROLLUP.validator(index);
                proposers[known] = Proposer({slot: firstSlot + known, index: index, owner: owner});
                ++known;
            } catch {
                break;
            }
        }
        assembly ("memory-safe") {
            mstore(proposers, known)
        }
    }

    /// @inheritdoc IRollupLens
    function validators(uint256 firstIndex, uint256 count) external view returns (ValidatorRecord[] memory records) {
        uint256 room = firstIndex < INDICES ? INDICES - firstIndex : 0;
        records = new ValidatorRecord[](count < room ? count : room);
        uint256 found;
        for (uint256 i; i < records.length; ++i) {
            ValidatorRecord memory record;
            record.index = firstIndex + i;
            (record.owner, record.fromEpoch, record.untilEpoch, record.slashed, record.publicKey) = ROLLUP.validator(
                record.index
            );
            if (record.owner != address(0)) records[found++] = record;
        }
        assembly ("memory-safe") {
            mstore(records, found)
        }
    }
}
