// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {Bond} from "../types/Bond.sol";
import {Budget} from "../types/Budget.sol";
import {Context} from "../types/Context.sol";
import {Pool} from "../types/Pool.sol";
import {RefundsVersion} from "../types/RefundsVersion.sol";
import {SetVersion} from "../types/SetVersion.sol";
import {Tips} from "../types/Tips.sol";
import {Validator} from "../types/Validator.sol";
import {Config} from "./Config.sol";

/// @notice All storage of the rollup, and what it reads of its block. Every module inherits it, so that the layout is
/// one list, the same in `Rollup`, `RollupExtension` and `RollupSimulator`.
abstract contract Base is Config {
    /// The submitted tip. Written once per call of `submit`.
    Tips internal _tips;
    /// What `submit` reads besides.
    Context internal _context;
    mapping(address submitter => Bond) internal _bonds;
    /// What the contract owes, in wei, plus the 1 wei a claim leaves.
    mapping(address account => uint256 wei_) internal _credits;

    /// What rewards are paid from, as of the settled tip.
    Pool internal _pool;
    /// What it is made of, in ascending order of their first epoch, `_budgetCount` of them; the first is the deployment's.
    mapping(uint256 index => Budget) internal _budgets;
    uint256 internal _budgetCount;

    /// Ether deposited, and neither refunded nor withdrawn, wei.
    uint256 internal _bridgedWei;
    /// What checkpoints are told of refunds, in ascending order of their first epoch.
    RefundsVersion[] internal _refundsVersions;
    /// First epoch whose checkpoints give nothing for a deposit, because its refund was asked for; zero if it was not.
    mapping(uint256 index => uint256 epoch) internal _refundEpochs;
    /// How many messages had been consumed when a checkpoint of an epoch first consumed any, plus one; kept from the first
    /// refund on.
    mapping(uint256 epoch => uint256) internal _consumedBefore;
    /// Deposits whose refund was paid, and withdrawals that were paid: 256 to a word.
    mapping(uint256 word => uint256) internal _refunded;
    mapping(uint256 word => uint256) internal _withdrawn;
    /// How many forced transactions there are, and the message index of forced transaction j at j modulo `MAX_FORCED`.
    uint256 internal _forcedCount;
    mapping(uint256 position => uint256) internal _forcedIndices;
    /// Who proved checkpoint n, at n modulo `RING_SIZE`; means something only up to the proven tip.
    mapping(uint256 position => address) internal _provers;

    /// Rolling hash of the first n messages, for n >= 1.
    mapping(uint256 count => bytes32) internal _inboxHashes;

    /// Proposer seeds; zero where none was stored.
    mapping(uint256 epoch => bytes32) internal _seeds;
    /// Set versions in ascending order of their first epoch, `versionCount` of them.
    mapping(uint256 version => SetVersion) internal _versions;
    Validator[256] internal _validators;
    /// Creation nonce of the code that holds the negated key of validator i; eight to a word.
    uint32[256] internal _keyNonces;
    /// Indices in use: members, validators to be, and those gone whose stake is still here.
    uint256 internal _occupied;
    /// How many contracts (keys and aggregate keys) were created.
    uint24 internal _created;
    /// Keys that were ever registered.
    mapping(bytes32 keyHash => bool) internal _usedKeys;

    /// When message i was appended, seconds. An array without a length: six times to a word, bounded by `inboxTotal`.
    uint40[2 ** 32] internal _depositTimes;
    /// Log hash of checkpoint n at n modulo `RING_SIZE`. Only numbers above the settled and up to the submitted tip
    /// mean anything; a word is overwritten, never cleared. An array without a length, as
    /// large as a position can be, so that finding a word takes no hash.
    bytes32[2 ** 32] internal _ring;

    /// @dev The log hash of a checkpoint. A position is below 2^32 without asking.
    function _logHash(uint256 number) internal view returns (bytes32 logHash_) {
        uint256 position = _remainder(number, RING_SIZE);
        assembly ("memory-safe") {
            logHash_ := sload(add(_ring.slot, position))
        }
    }

    function _setLogHash(uint256 number, bytes32 logHash_) internal {
        uint256 position = _remainder(number, RING_SIZE);
        assembly ("memory-safe") {
            sstore(add(_ring.slot, position), logHash_)
        }
    }

    /// @dev Time, fees and blobs of the block this runs in; the simulator answers with its caller's instead. None of these
    /// may allocate memory: a digest is laid out behind the free memory pointer while they are asked.
    function _now() internal view virtual returns (uint256) {
        return block.timestamp;
    }

    function _baseFee() internal view virtual returns (uint256) {
        return block.basefee;
    }

    function _blobBaseFee() internal view virtual returns (uint256) {
        return block.blobbasefee;
    }

    function _blobHash(uint256 index) internal view virtual returns (bytes32) {
        return blobhash(index);
    }
}
