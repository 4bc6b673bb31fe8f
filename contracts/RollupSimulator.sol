// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {Config} from "./modules/Config.sol";
import {Submissions} from "./modules/Submissions.sol";
import {LogFacts} from "./types/LogFacts.sol";
import {Party} from "./types/Party.sol";
import {RollupConfig} from "./types/RollupConfig.sol";
import {Submission} from "./types/Submission.sol";

/// @notice The block a simulation pretends to run in.
struct SimulatedBlock {
    /// Timestamp, seconds.
    uint256 time;
    /// Base fee, wei per gas.
    uint256 baseFee;
    /// Blob base fee, wei per blob gas.
    uint256 blobBaseFee;
    /// Versioned hashes of the transaction's blobs, in order.
    bytes32[] blobHashes;
}

/// @notice How one checkpoint would land; the same words its event would carry.
struct SimulatedLanding {
    LogFacts facts;
    Party submitter;
    Party recipient;
}

/// @title The rollup's submission path, with time, fees and blobs as arguments.
/// @notice Never deployed: a client takes its runtime code out of an `eth_call` that creates it with the rollup's own
/// `config()`, and puts it over the rollup's address with a state override. The storage it then reads is the rollup's,
/// or an override of it, and the code that judges is the rollup's: both inherit it.
contract RollupSimulator is Submissions {
    /// Where in memory the simulated block and the landings are: the hooks have no argument to take them from, and
    /// run in the same call frame.
    uint256 private transient _block;
    uint256 private transient _landings;
    uint256 private transient _landingCount;

    constructor(RollupConfig memory settings) Config(settings) {}

    /// @notice Submits as `Rollup.submit` would in the given block, sent by the caller; reverts with the same errors.
    /// @return landings one per checkpoint that would land; those skipped as landed already are not among them.
    /// @return gasUsed by the submission path, without the transaction's base cost and calldata.
    function simulate(
        Submission[] calldata submissions,
        address recipient,
        uint256 deadline,
        SimulatedBlock memory simulated
    ) external returns (SimulatedLanding[] memory landings, uint256 gasUsed) {
        landings = new SimulatedLanding[](submissions.length);
        uint256 blockAt;
        uint256 landingsAt;
        assembly ("memory-safe") {
            blockAt := simulated
            landingsAt := landings
        }
        (_block, _landings) = (blockAt, landingsAt);

        gasUsed = gasleft();
        _submit(submissions, recipient, deadline);
        gasUsed -= gasleft();

        uint256 count = _landingCount;
        assembly ("memory-safe") {
            mstore(landings, count)
        }
    }

    function _landed(LogFacts facts, Party submitter, Party recipient) internal override {
        SimulatedLanding[] memory landings;
        uint256 landingsAt = _landings;
        assembly ("memory-safe") {
            landings := landingsAt
        }
        landings[_landingCount++] = SimulatedLanding(facts, submitter, recipient);
    }

    function _now() internal view override returns (uint256) {
        return _simulated(0);
    }

    function _baseFee() internal view override returns (uint256) {
        return _simulated(1);
    }

    function _blobBaseFee() internal view override returns (uint256) {
        return _simulated(2);
    }

    function _blobHash(uint256 index) internal view override returns (bytes32 hash) {
        uint256 hashes = _simulated(3);
        assembly ("memory-safe") {
            if lt(index, mload(hashes)) {
                hash := mload(add(hashes, shl(5, add(index, 1))))
            }
        }
    }

    /// @dev A field of the simulated block, in the order of the struct; the last is where its blob hashes are.
    function _simulated(uint256 field) private view returns (uint256 word) {
        uint256 blockAt = _block;
        assembly ("memory-safe") {
            word := mload(add(blockAt, shl(5, field)))
        }
    }
}
