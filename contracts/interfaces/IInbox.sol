// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @title Messages from L1 to L2: deposits and forced transactions, in one order.
/// @dev A checkpoint for slot s consumes exactly the messages from before the start of slot s - `inboxLagSlots`, at most
/// `maxMessages` at a time: there is no choice, so there is no censorship.
///
/// Each message extends a rolling hash: a deposit by the hash before it, its index, depositor, recipient, amount and time,
/// a forced transaction by the hash before it, its index, the transaction's hash and the time. They differ in length, so
/// that neither can be taken for the other.
interface IInbox {
    /// @notice A deposit was appended.
    /// @param index of the message, and the rolling `hash` after it.
    /// @param time block timestamp, seconds.
    event Deposited(
        uint256 indexed index,
        address indexed depositor,
        address indexed l2Recipient,
        uint256 amountWei,
        uint256 time,
        bytes32 hash
    );
    /// @notice A forced transaction was appended.
    /// @param index of the message, and the rolling `hash` after it.
    /// @param transaction as it was given; nobody has looked at it.
    /// @param time block timestamp, seconds.
    event Forced(uint256 indexed index, address indexed sender, bytes transaction, uint256 time, bytes32 hash);
    /// @notice A depositor wants a deposit back: checkpoints of epochs from `fromEpoch` on give nothing for it on L2.
    /// @param refundsHash hash over all refunds that were asked for, this one the last.
    event RefundRequested(
        uint256 indexed index,
        address indexed depositor,
        uint256 amountWei,
        uint256 fromEpoch,
        bytes32 refundsHash
    );
    /// @notice A deposit was credited back to its depositor.
    event Refunded(uint256 indexed index, address indexed depositor, uint256 amountWei);

    /// @notice Thrown when a deposit is below the minimum.
    error Inbox__DepositTooSmall(uint256 minimumWei, uint256 actualWei);
    /// @notice Thrown when a deposit is not a multiple of 1 gwei.
    error Inbox__NotWholeGwei(uint256 amountWei);
    /// @notice Thrown when a forced transaction is empty or too long; in bytes.
    error Inbox__ForcedLengthOutOfRange(uint256 length, uint256 maximum);
    /// @notice Thrown when as many forced transactions wait as may; the oldest of them is message `oldestIndex`.
    error Inbox__ForcedFull(uint256 maximum, uint256 oldestIndex);
    /// @notice Thrown when a checkpoint's inbox count is not exactly what is due.
    error Inbox__CountNotDue(uint256 expected, uint256 actual);
    /// @notice Thrown when the hash of more messages is asked for than there are.
    error Inbox__NoSuchMessage(uint256 count, uint256 total);
    /// @notice Thrown when message `index` is not the deposit described, by the sender: the rolling hash after it differs.
    error Inbox__DepositMismatch(uint256 index, bytes32 expected, bytes32 actual);
    /// @notice Thrown when a deposit is to be refunded that a checkpoint has consumed, as one of its first `consumed`
    /// messages; once the refund is in force, unless the epoch named shows that it was consumed in vain.
    error Inbox__AlreadyConsumed(uint256 index, uint256 consumed);
    /// @notice Thrown when a refund is asked for, or paid, before its time; seconds.
    error Inbox__RefundTooEarly(uint256 index, uint256 refundableAt, uint256 time);
    /// @notice Thrown when the refund was asked for before; it is in force from `fromEpoch` on.
    error Inbox__RefundRequested(uint256 index, uint256 fromEpoch);
    /// @notice Thrown when a refund is to be paid that nobody asked for.
    error Inbox__RefundNotRequested(uint256 index);
    /// @notice Thrown when a deposit was refunded before.
    error Inbox__AlreadyRefunded(uint256 index);

    /// @notice Appends a deposit of the value sent, credited to `l2Recipient` on L2.
    /// @dev Checked: the least amount, and that it is whole gwei. NOT checked: that the recipient is of any use on L2.
    function deposit(address l2Recipient) external payable;

    /// @notice Appends a transaction that L2 must run where it stands, if it can run there.
    /// @dev Checked: it is not empty, and has at most `maxForcedBytes`; fewer than `maxForced` wait for a checkpoint to
    /// consume them. NOT checked: anything about the transaction itself. One that L2 cannot run is passed over there. A
    /// challenge may put consumed ones back, so that more than `maxForced` wait for a while.
    /// @param transaction signed and encoded as for L2; not of type 3.
    function force(bytes calldata transaction) external;

    /// @notice Asks for the sender's deposit back, when no checkpoint has consumed it in `refundWindowEpochs`. From the
    /// second epoch after the current one on, checkpoints give nothing for it on L2, and `refund` pays it; until then one
    /// that consumes it gives what it should, and there is no refund.
    /// @dev Checked, in this order: message `index` is a deposit by the sender with these values; the submitted tip has not
    /// consumed it; the window since `time` is over; it was not asked for before. Effects: from `fromEpoch` on the refund is
    /// mixed into the hash that digests with messages commit to. So nothing that is signed, or can be signed in the current
    /// epoch, the first slot of the next included, becomes void by it, and everybody knows a whole epoch ahead.
    /// @param time of the deposit, seconds.
    function requestRefund(uint256 index, address l2Recipient, uint256 amountWei, uint256 time) external;

    /// @notice Credits the sender's deposit back to the sender, if its refund is in force and no checkpoint of an epoch
    /// before that has consumed it.
    /// @dev Checked, in this order: message `index` is a deposit by the sender with these values; its refund was asked for;
    /// no checkpoint of an earlier epoch than the refund's can land any more, late ones and refilled slots included; the
    /// submitted tip has not consumed it, or did so in vain; it was not paid before; withdrawals have left enough
    /// (`Outbox__NotBridged`). There is no end to the time for it. Effects: the credit, which `claim` pays out; what is
    /// bridged shrinks.
    /// @param epoch of the checkpoint that consumed it; not looked at while none has.
    function refund(uint256 index, address l2Recipient, uint256 amountWei, uint256 time, uint256 epoch) external;

    /// @return messages from before the cut-off of `slot`, however many one checkpoint may consume.
    function inboxCountBefore(uint256 slot) external view returns (uint256);

    /// @return the inbox count a checkpoint for `slot` on the submitted tip must have.
    function inboxCountDue(uint256 slot) external view returns (uint256);

    /// @return rolling hash of the first `count` messages; zero for none.
    function inboxHash(uint256 count) external view returns (bytes32);

    /// @return messages ever appended.
    function inboxTotal() external view returns (uint256);

    /// @return fromEpoch first epoch whose checkpoints give nothing for the deposit with this index, because its refund was
    /// asked for; zero if it was not.
    /// @return paid whether it was refunded.
    function refundOf(uint256 index) external view returns (uint256 fromEpoch, bool paid);

    /// @return hash over the refunds in force in an epoch, in the order they were asked for; zero if there is none. If there
    /// is one, the digest of a checkpoint of that epoch that consumes messages has the hash of `inboxHash` and this in the
    /// place of `inboxHash`.
    function refundsHash(uint256 epoch) external view returns (bytes32);
}
