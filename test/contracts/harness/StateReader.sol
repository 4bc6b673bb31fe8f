// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IRollup} from "../../../contracts/interfaces/IRollup.sol";

/// @notice All that the invariants speak of, in one call.
struct Reading {
    /// Slot, number, inbox count, digest.
    uint256[4] tips;
    /// Number, slot.
    uint256[2] settled;
    uint256 proven;
    uint256 refillSlot;
    /// Keccak of the ring's words above the settled and up to the submitted tip.
    bytes32 unsettled;
    /// Members of the set of the epoch asked for.
    uint256 members;
    uint256 inboxTotal;
    /// Of the refunds in force in the epoch asked for.
    bytes32 refundsHash;
    uint256 poolWei;
    /// Funded, and not in force at the settled tip yet.
    uint256 fundedAheadWei;
    uint256 bridgedWei;
    /// Of the validators asked for, which of them were not slashed: one bit each.
    uint256 staked;
    /// Balance of the rollup.
    uint256 heldWei;
    uint256[] creditsWei;
    uint256[] bondsWei;
    /// When each bond is released; zero while it works.
    uint256[] releases;
    /// What the accounts have besides.
    uint256[] balancesWei;
}

contract StateReader {
    function read(
        IRollup rollup,
        uint256 epoch,
        uint256[] calldata indices,
        address[] calldata accounts
    ) external view returns (Reading memory r) {
        (r.tips[0], r.tips[1], r.tips[2], r.tips[3]) = rollup.tips();
        (r.settled[0], r.settled[1]) = rollup.settledTip();
        r.proven = rollup.provenNumber();
        r.refillSlot = rollup.refillSlot();
        for (uint256 number = r.settled[0] + 1; number <= r.tips[1]; ++number) {
            r.unsettled = keccak256(abi.encode(r.unsettled, rollup.logHash(number)));
        }
        (r.members, , ) = rollup.validatorSet(epoch);
        r.inboxTotal = rollup.inboxTotal();
        r.refundsHash = rollup.refundsHash(epoch);
        _readMoney(rollup, r);
        for (uint256 i; i < indices.length; ++i) {
            (address owner, , , bool slashed, ) = rollup.validator(indices[i]);
            if (owner != address(0) && !slashed) r.staked |= 1 << indices[i];
        }
        r.creditsWei = new uint256[](accounts.length);
        r.bondsWei = new uint256[](accounts.length);
        r.releases = new uint256[](accounts.length);
        r.balancesWei = new uint256[](accounts.length);
        for (uint256 i; i < accounts.length; ++i) {
            r.creditsWei[i] = rollup.creditOf(accounts[i]);
            (r.bondsWei[i], r.releases[i], ) = rollup.bondOf(accounts[i]);
            r.balancesWei[i] = accounts[i].balance;
        }
    }

    function _readMoney(IRollup rollup, Reading memory r) private view {
        uint256 nextBudget;
        (r.poolWei, , nextBudget) = rollup.pool();
        uint256 funded = rollup.budget(rollup.budgetCount() - 1).fundedWei;
        r.fundedAheadWei = funded - rollup.budget(nextBudget - 1).fundedWei;
        r.bridgedWei = rollup.bridgedWei();
        r.heldWei = address(rollup).balance;
    }
}
