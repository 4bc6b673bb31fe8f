// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @title Deposits from L1 to L2.
interface IInbox {
    /// @notice A deposit was appended.
    /// @param index of the message, and the rolling `hash` after it.
    /// @param time block timestamp, seconds.
    event Deposited(uint256 indexed index, address indexed l2Recipient, uint256 amountWei, uint256 time, bytes32 hash);

    /// @notice Thrown when a deposit is below the minimum.
    error Inbox__DepositTooSmall(uint256 minimumWei, uint256 actualWei);
    /// @notice Thrown when a deposit is not a multiple of 1 gwei.
    error Inbox__NotWholeGwei(uint256 amountWei);
    /// @notice Thrown when a checkpoint's inbox count is not exactly what is due.
    error Inbox__CountNotDue(uint256 expected, uint256 actual);
    /// @notice Thrown when the hash of more messages is asked for than there are.
    error Inbox__NoSuchMessage(uint256 count, uint256 total);

    /// @notice Appends a deposit of the value sent, credited to `l2Recipient` on L2.
    /// @dev A checkpoint for slot s consumes exactly the messages from before the start of slot s - `inboxLagSlots`, at
    /// most `maxMessages` at a time: there is no choice, so there is no censorship.
    function deposit(address l2Recipient) external payable;

    /// @return messages deposited before the cut-off of `slot`, however many one checkpoint may consume.
    function inboxCountBefore(uint256 slot) external view returns (uint256);

    /// @return the inbox count a checkpoint for `slot` on the submitted tip must have.
    function inboxCountDue(uint256 slot) external view returns (uint256);

    /// @return rolling hash of the first `count` messages; zero for none.
    function inboxHash(uint256 count) external view returns (bytes32);

    /// @return messages ever deposited.
    function inboxTotal() external view returns (uint256);
}
