// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @title Bonds of submitters, and what the contract owes.
/// @dev A bond gives its owner, any address, the right to land without verification.
interface IBonds {
    event Bonded(address indexed submitter, uint256 addedWei, uint256 amountWei);
    /// @notice The right ended; the amount is paid out from `releaseAt` on.
    event UnbondingStarted(address indexed submitter, uint256 releaseAt);
    event BondWithdrawn(address indexed submitter, uint256 amountWei);
    /// @notice A submitter's whole bond was taken: `burnedWei` is out of everybody's reach,
    /// `creditedWei` is the informer's.
    event BondSlashed(address indexed submitter, address indexed informer, uint256 burnedWei, uint256 creditedWei);
    event Claimed(address indexed account, uint256 amountWei);

    /// @notice Thrown when the bond would stay below the minimum, or exceed 96 bits.
    error Bonds__AmountOutOfRange(uint256 amountWei, uint256 minimumWei, uint256 maximumWei);
    /// @notice Thrown when a bond is added to, or released again, while it is being released.
    error Bonds__Unbonding(address submitter, uint256 releaseAt);
    /// @notice Thrown when there is no bond.
    error Bonds__NoBond(address submitter);
    /// @notice Thrown when a bond is withdrawn before its release.
    error Bonds__NotReleased(address submitter, uint256 releaseAt, uint256 time);
    /// @notice Thrown when nothing is owed to the account.
    error Bonds__NothingToClaim(address account);
    /// @notice Thrown when an account does not accept ether.
    error Bonds__PaymentRefused(address account, uint256 amountWei);

    /// @notice Adds the value sent to the sender's bond, which must then be at least the minimum.
    function bond() external payable;

    /// @notice Ends the sender's right at once and starts its release, after the challenge window and two slots.
    function unbond() external;

    /// @notice Pays the sender's released bond out.
    function withdrawBond() external;

    /// @notice Pays out what the sender has been credited, save 1 wei that keeps later credits cheap.
    function claim() external;

    /// @return amountWei of the bond; `releaseAt`, zero unless it is being released; and whether it gives the right to
    /// land without verification now.
    function bondOf(address submitter) external view returns (uint256 amountWei, uint256 releaseAt, bool active);

    /// @return what `claim` would pay the account, in wei.
    function creditOf(address account) external view returns (uint256);
}
