// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @notice An account with code: calls whatever it is told to, and answers ether as it was told before.
contract Actor {
    enum Reaction {
        Accept,
        Refuse,
        BurnAllGas,
        AnswerAtLength,
        CallBack
    }

    /// What `AnswerAtLength` answers, bytes: making it costs some 2 million gas, and copying it as much again.
    uint256 private constant LONG = 1_000_000;

    Reaction private _reaction;
    address private _target;
    bytes private _data;
    /// @notice Times that ether came; and of the last call back, whether it succeeded and what it was answered.
    uint256 public payments;
    bool public succeeded;
    bytes public answer;

    /// @param target and `data` of the call that `CallBack` makes.
    function react(Reaction reaction, address target, bytes calldata data) external {
        (_reaction, _target, _data) = (reaction, target, data);
    }

    /// @notice Makes a call with the value sent, and passes on its error.
    function execute(address target, bytes calldata data) external payable {
        (bool success, bytes memory result) = target.call{value: msg.value}(data);
        if (success) return;
        assembly ("memory-safe") {
            revert(add(result, 0x20), mload(result))
        }
    }

    receive() external payable {
        if (_reaction == Reaction.Refuse) {
            assembly ("memory-safe") {
                revert(0, 0)
            }
        }
        if (_reaction == Reaction.BurnAllGas) {
            assembly ("memory-safe") {
                invalid()
            }
        }
        if (_reaction == Reaction.AnswerAtLength) {
            assembly ("memory-safe") {
                return(0, LONG)
            }
        }
        ++payments;
        if (_reaction == Reaction.CallBack) (succeeded, answer) = _target.call(_data);
    }
}
