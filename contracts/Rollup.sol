// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IChallenges} from "./interfaces/IChallenges.sol";
import {IConfig} from "./interfaces/IConfig.sol";
import {IRollup} from "./interfaces/IRollup.sol";
import {Challenges} from "./modules/Challenges.sol";
import {Config} from "./modules/Config.sol";
import {Genesis} from "./modules/Genesis.sol";
import {Settlement} from "./modules/Settlement.sol";
import {Submissions} from "./modules/Submissions.sol";
import {CheckpointLog} from "./types/CheckpointLog.sol";
import {RollupConfig} from "./types/RollupConfig.sol";
import {Submission} from "./types/Submission.sol";
import {Tips} from "./types/Tips.sol";
import {GenesisValidator} from "./types/Validator.sol";

/// @title The L1 contract of a rollup: its address, its state, and the paths every slot uses. See `IRollup`.
contract Rollup is Submissions, Challenges, Settlement, Genesis {
    address private immutable EXTENSION;

    /// @param settings the constants, checked.
    /// @param extension_ a `RollupExtension` made for the same constants.
    /// @param genesis validators from the first slot on; their stakes come with the deployment, and what is sent beyond
    /// them funds the pool.
    /// @param seed0 and `seed1` proposer seeds of epochs 0 and 1.
    constructor(
        RollupConfig memory settings,
        address extension_,
        GenesisValidator[] memory genesis,
        bytes32 seed0,
        bytes32 seed1
    ) payable Config(settings) Genesis(genesis, seed0, seed1) {
        bytes32 own = keccak256(abi.encode(settings));
        if (extension_.code.length == 0 || keccak256(abi.encode(IConfig(extension_).config())) != own) {
            revert IRollup.Rollup__ExtensionDiffers(extension_);
        }
        EXTENSION = extension_;
    }

    /// @dev Every call that is not for this code runs the extension's on this contract's state.
    fallback() external payable {
        address target = EXTENSION;
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, 0, calldatasize())
            let success := delegatecall(gas(), target, free, calldatasize(), 0, 0)
            returndatacopy(free, 0, returndatasize())
            if success {
                return(free, returndatasize())
            }
            revert(free, returndatasize())
        }
    }

    receive() external payable {
        revert IRollup.Rollup__UnexpectedEther(msg.value);
    }

    /// @inheritdoc IChallenges
    function challengeAndSubmit(
        CheckpointLog[] calldata logs,
        Submission[] calldata submissions,
        address recipient,
        uint256 deadline
    ) external {
        if (submissions.length == 0) revert Rollup__NothingSubmitted();
        Submission calldata last = submissions[submissions.length - 1];
        _challenge(logs, _hasLanded(submissions[0]) || _hasLanded(last));
        // Asked again: what had the right digest may have been the bad one, and is gone now.
        if (!_hasLanded(last)) _submit(submissions, recipient, deadline);
    }

    /// @return the code that every call is handed to which this one does not take itself.
    function extension() external view returns (address) {
        return EXTENSION;
    }

    /// @dev Whether a checkpoint is the tip, or the tip is of a later slot while its own was emptied by a rollback: then it
    /// was filled again, and a quorum that built on that vouches for it.
    function _hasLanded(Submission calldata submission) private view returns (bool) {
        Tips tips = _tips;
        if (uint160(uint256(submission.digest)) == tips.digest()) return true;
        uint256 slot = submission.header.slot;
        return slot < tips.slot() && slot <= _context.refillSlot();
    }
}
