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
        _challenge(logs);
        _submit(submissions, recipient, deadline);
    }

    /// @return the code that every call is handed to which this one does not take itself.
    function extension() external view returns (address) {
        return EXTENSION;
    }
}
