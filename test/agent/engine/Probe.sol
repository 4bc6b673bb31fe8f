// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @title Touches what distinguishes one execution client from another
contract Probe {
    uint256 public counter;
    mapping(uint256 key => uint256 value) public values;

    event Environment(
        bytes32 parentHash, bytes32 oldHash, uint256 random, uint256 time, uint256 number, address coinbase, uint256 fee
    );
    event Outcome(bool ok, bytes data);

    error Refused(uint256 code);

    receive() external payable {}

    /// @notice Block context, by opcode and by the block hash contract.
    function environment(uint256 back) external {
        (bool ok, bytes memory served) =
            0x0000F90827F1C53a10cb7A02335B175320002935.staticcall(abi.encode(block.number - 1));
        emit Outcome(ok, served);
        emit Environment(
            blockhash(block.number - 1),
            blockhash(block.number - back),
            block.prevrandao,
            block.timestamp,
            block.number,
            block.coinbase,
            block.basefee
        );
    }

    /// @notice Writes and clears storage, for refunds and trie deletions.
    function write(uint256 from, uint256 count, uint256 value) external {
        for (uint256 i = from; i < from + count; i++) values[i] = value;
    }

    /// @notice A child that lives only within this transaction.
    function shortLived(bytes32 salt) external payable {
        Child child = new Child{value: msg.value, salt: salt}();
        child.end(payable(address(this)));
        counter++;
    }

    /// @notice A child that stays.
    function lasting(bytes32 salt) external {
        new Child{salt: salt}();
    }

    /// @notice State changes inside a failing inner call are undone, those around it stay.
    function innerRevert(uint256 key) external {
        values[key] = 1;
        try this.writeAndRevert(key) {} catch (bytes memory reason) {
            emit Outcome(false, reason);
        }
        counter++;
    }

    function writeAndRevert(uint256 key) external {
        values[key] = 2;
        counter += 10;
        revert Refused(key);
    }

    /// @notice Transient storage, empty at the start of each transaction.
    function transient_(uint256 value) external {
        assembly {
            tstore(7, add(tload(7), value))
            sstore(counter.slot, add(sload(counter.slot), tload(7)))
        }
    }

    /// @notice Calls a precompile with any input.
    function precompile(address target, bytes calldata input) external {
        (bool ok, bytes memory data) = target.call{gas: 300_000}(input);
        emit Outcome(ok, data);
    }

    function burnGas() external {
        while (true) counter++;
    }

    function fail(string calldata reason) external pure {
        revert(reason);
    }
}

contract Child {
    uint256 public born = block.number;

    constructor() payable {}

    function end(address payable heir) external {
        selfdestruct(heir);
    }
}
