// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {ISlashing} from "../interfaces/ISlashing.sol";
import {ISubmissions} from "../interfaces/ISubmissions.sol";
import {Bitmap} from "../libraries/Bitmap.sol";
import {Bls} from "../libraries/Bls.sol";
import {Signing} from "../libraries/Signing.sol";
import {Evidence, Statement} from "../types/Evidence.sol";
import {Validator} from "../types/Validator.sol";
import {Credits} from "./Credits.sol";
import {Membership} from "./Membership.sol";

/// @notice Taking the stakes of validators that signed two things for one slot.
abstract contract Slashing is Membership, Credits, ISlashing {
    /// @inheritdoc ISlashing
    function slash(Evidence calldata evidence) external {
        uint256 slot = evidence.slot;
        Statement calldata first = evidence.first;
        Statement calldata second = evidence.second;
        if (!_contradict(first, second)) {
            revert Slashing__NoContradiction(first.kind, first.digest, second.kind, second.digest);
        }
        uint256 epoch = _epochOf(slot);
        uint256 lastFinalEpoch = _changeEpoch() - 1;
        if (epoch > lastFinalEpoch) revert Slashing__SetNotFinal(epoch, lastFinalEpoch);
        uint256 until = _evidenceUntil(epoch);
        if (block.timestamp >= until) revert Slashing__EvidenceExpired(slot, until, block.timestamp);

        (uint256 members, uint256 count, uint256 nonce) = _setOf(_context, epoch);
        uint256 named = first.signers | second.signers;
        if (named & ~members != 0) revert ISubmissions.Rollup__SignersOutsideSet(named, members);
        uint256 offenders = _unslashed(first.signers & second.signers);
        if (offenders == 0) revert Slashing__NobodyToSlash(first.signers & second.signers);
        _requireSigned(slot, first, members, count, nonce);
        _requireSigned(slot, second, members, count, nonce);
        _punish(offenders, slot);
    }

    /// @dev Whether no honest validator signs both for one slot.
    function _contradict(Statement calldata first, Statement calldata second) private pure returns (bool) {
        if (first.kind == second.kind) {
            bool once = first.kind == Signing.PROPOSAL || first.kind == Signing.ATTESTATION;
            return once && first.digest != second.digest;
        }
        return (_attests(first) && _skips(second)) || (_skips(first) && _attests(second));
    }

    function _attests(Statement calldata statement) private pure returns (bool) {
        return statement.kind == Signing.ATTESTATION;
    }

    function _skips(Statement calldata statement) private pure returns (bool) {
        return statement.kind == Signing.SKIP && statement.digest == 0;
    }

    /// @return unslashed those of some validators that were not slashed before.
    function _unslashed(uint256 indices) private view returns (uint256 unslashed) {
        unslashed = indices;
        for (; indices != 0; indices &= indices - 1) {
            uint256 index = Bitmap.lowest(indices);
            if (_validators[index].slashed) unslashed ^= 1 << index;
        }
    }

    /// @dev Reverts unless the aggregate signature is the signers', and says that it is not only when that is proven: a
    /// pairing that did not answer has errors of its own. The signers' key is found the shorter way: by leaving out the
    /// absent, or by adding up those that signed.
    function _requireSigned(
        uint256 slot,
        Statement calldata statement,
        uint256 members,
        uint256 count,
        uint256 aggregateNonce
    ) private view {
        uint256 signers = statement.signers;
        bytes memory key =
            2 * Bitmap.count(signers) > count ? _signersKey(aggregateNonce, members & ~signers) : _sumOfKeys(signers);
        bytes32 message = Signing.message(statement.kind, slot, statement.digest);
        if (Bls.isProvenInvalid(statement.signature, key, message, Signing.SIGNATURE_TAG)) {
            revert Slashing__SignatureInvalid(statement.kind, statement.digest, signers);
        }
    }

    /// @dev Takes the stakes, and ejects as many as the minimum allows.
    function _punish(uint256 offenders, uint256 slot) private {
        uint256 size = _latestVersion().count;
        uint256 creditedWei = STAKE_WEI / 2;
        uint256 totalWei;
        uint256 leavers;
        for (; offenders != 0; offenders &= offenders - 1) {
            uint256 index = Bitmap.lowest(offenders);
            Validator storage offender = _validators[index];
            offender.slashed = true;
            totalWei += creditedWei;
            if (offender.untilEpoch == 0 && size > MIN_VALIDATORS) {
                leavers |= 1 << index;
                --size;
            }
            emit ValidatorSlashed(index, offender.owner, slot, STAKE_WEI - creditedWei, creditedWei);
        }
        if (leavers != 0) _dismiss(leavers);
        _credit(msg.sender, totalWei);
    }
}
