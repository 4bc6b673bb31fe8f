// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IBonds} from "../interfaces/IBonds.sol";
import {Bond, BondLibrary} from "../types/Bond.sol";
import {Credits} from "./Credits.sol";
import {Delegated} from "./Delegated.sol";

/// @notice Bonds of submitters, and the pull payments.
abstract contract Bonds is Delegated, Credits, IBonds {
    /// Slots, past the challenge window, that a released bond is held back.
    uint256 private constant RELEASE_MARGIN_SLOTS = 2;

    /// @inheritdoc IBonds
    function bond() external payable atRollup {
        Bond held = _bonds[msg.sender];
        if (held.releaseAt() != 0) revert Bonds__Unbonding(msg.sender, held.releaseAt());
        uint256 amountWei = held.amountWei() + msg.value;
        if (amountWei < BOND_WEI || amountWei > type(uint96).max) {
            revert Bonds__AmountOutOfRange(amountWei, BOND_WEI, type(uint96).max);
        }
        _bonds[msg.sender] = BondLibrary.pack(amountWei, 0);
        emit Bonded(msg.sender, msg.value, amountWei);
    }

    /// @inheritdoc IBonds
    function unbond() external {
        Bond held = _bonds[msg.sender];
        if (held.amountWei() == 0) revert Bonds__NoBond(msg.sender);
        if (held.releaseAt() != 0) revert Bonds__Unbonding(msg.sender, held.releaseAt());
        uint256 releaseAt = block.timestamp + _challengeWindowSeconds() + RELEASE_MARGIN_SLOTS * SLOT_SECONDS;
        _bonds[msg.sender] = BondLibrary.pack(held.amountWei(), releaseAt);
        emit UnbondingStarted(msg.sender, releaseAt);
    }

    /// @inheritdoc IBonds
    function withdrawBond() external {
        Bond held = _bonds[msg.sender];
        if (held.amountWei() == 0) revert Bonds__NoBond(msg.sender);
        if (held.releaseAt() == 0 || block.timestamp < held.releaseAt()) {
            revert Bonds__NotReleased(msg.sender, held.releaseAt(), block.timestamp);
        }
        _bonds[msg.sender] = BondLibrary.pack(0, 0);
        emit BondWithdrawn(msg.sender, held.amountWei());
        _pay(msg.sender, held.amountWei());
    }

    /// @inheritdoc IBonds
    function claim() external {
        uint256 amountWei = creditOf(msg.sender);
        if (amountWei == 0) revert Bonds__NothingToClaim(msg.sender);
        _credits[msg.sender] = 1;
        emit Claimed(msg.sender, amountWei);
        _pay(msg.sender, amountWei);
    }

    /// @inheritdoc IBonds
    function bondOf(address submitter) external view returns (uint256 amountWei, uint256 releaseAt, bool active) {
        Bond held = _bonds[submitter];
        return (held.amountWei(), held.releaseAt(), held.isActive(BOND_WEI));
    }

    /// @inheritdoc IBonds
    function creditOf(address account) public view returns (uint256) {
        uint256 credit = _credits[account];
        return credit == 0 ? 0 : credit - 1;
    }
}
