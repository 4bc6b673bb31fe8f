// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IChallenges} from "./interfaces/IChallenges.sol";
import {IRollup} from "./interfaces/IRollup.sol";
import {Challenges} from "./modules/Challenges.sol";
import {Config} from "./modules/Config.sol";
import {Settlement} from "./modules/Settlement.sol";
import {Submissions} from "./modules/Submissions.sol";
import {Validators} from "./modules/Validators.sol";
import {CheckpointLog} from "./types/CheckpointLog.sol";
import {Context} from "./types/Context.sol";
import {RollupConfig} from "./types/RollupConfig.sol";
import {Submission} from "./types/Submission.sol";
import {Tips} from "./types/Tips.sol";
import {GenesisValidator} from "./types/Validator.sol";

/// @title The L1 contract of a rollup: submission, challenges, settlement, validators, bonds, inbox.
contract Rollup is IRollup, Submissions, Challenges, Settlement, Validators {
    /// @param settings the constants, checked.
    /// @param genesis validators from the first slot on; their stakes come with the deployment.
    /// @param seed0 and `seed1` proposer seeds of epochs 0 and 1.
    constructor(
        RollupConfig memory settings,
        GenesisValidator[] memory genesis,
        bytes32 seed0,
        bytes32 seed1
    ) payable Config(settings) Validators(genesis, seed0, seed1) {}

    /// @inheritdoc IChallenges
    function challengeAndSubmit(
        CheckpointLog[] calldata logs,
        Submission[] calldata submissions,
        address recipient,
        uint256 deadline
    ) external {
        _challenge(logs);
        _submit(submissions, recipient, deadline);
    }

    /// @inheritdoc IRollup
    function tips() external view returns (uint256 slot, uint256 number, uint256 inboxCount, uint160 digest) {
        Tips submitted = _tips;
        return (submitted.slot(), submitted.number(), submitted.inboxCount(), submitted.digest());
    }

    /// @inheritdoc IRollup
    function settledTip() external view returns (uint256 number, uint256 slot) {
        return (_context.settledNumber(), _context.settledSlot());
    }

    /// @inheritdoc IRollup
    function logHash(uint256 number) external view returns (bytes32) {
        Context context = _context;
        if (number <= context.settledNumber() || number > _tips.number()) return 0;
        return _logHash(number);
    }

    /// @inheritdoc IRollup
    function refillSlot() external view returns (uint256) {
        return _context.refillSlot();
    }
}
