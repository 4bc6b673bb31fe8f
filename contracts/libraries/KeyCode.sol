// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @notice Keys kept as the code of otherwise empty contracts, found by the nonce they were created with.
/// @dev An encoded G2 point starts with a zero byte, which as code is STOP: calling a key does nothing.
library KeyCode {
    /// @notice Thrown when a key's code does not end up where its nonce says it is.
    error KeyCode__NotStored(uint256 nonce, address expected, address actual);

    uint256 private constant KEY_BYTES = 256;
    /// PUSH2 256, DUP1, PUSH1 10, RETURNDATASIZE, CODECOPY, RETURNDATASIZE, RETURN.
    bytes10 private constant CREATION = 0x61010080600a3d393df3;

    /// @notice Stores a key as the contract's creation number `nonce`.
    function store(uint256 nonce, bytes memory key) internal {
        bytes memory creation = bytes.concat(CREATION, key);
        address created;
        assembly ("memory-safe") {
            created := create(0, add(creation, 0x20), mload(creation))
        }
        if (created != addressOf(nonce)) revert KeyCode__NotStored(nonce, addressOf(nonce), created);
    }

    /// @return key the 256 bytes stored under `nonce`.
    function load(uint256 nonce) internal view returns (bytes memory key) {
        key = new bytes(KEY_BYTES);
        address holder = addressOf(nonce);
        assembly ("memory-safe") {
            extcodecopy(holder, add(key, 0x20), 0, KEY_BYTES)
        }
    }

    /// @return holder address of this contract's creation number `nonce`, 1 to 2^24 - 1: the hash of RLP [this, nonce].
    function addressOf(uint256 nonce) internal view returns (address holder) {
        // A nonce below 128 is its own RLP; a larger one has its length, plus 0x80, before it. The list's first byte is
        // 0xc0 plus the bytes that follow: 0x94 and the address, and the nonce.
        uint256 nonceBytes = nonce < 0x80 ? 0 : nonce < 0x100 ? 1 : nonce < 0x10000 ? 2 : 3;
        assembly ("memory-safe") {
            let encoded := nonce
            if nonceBytes {
                encoded := or(nonce, shl(shl(3, nonceBytes), add(0x80, nonceBytes)))
            }
            let length := add(nonceBytes, 1)
            let list := or(shl(168, add(0xd5, length)), or(shl(160, 0x94), address()))
            mstore(0, shl(80, list))
            mstore(22, shl(sub(256, shl(3, length)), encoded))
            holder := and(keccak256(0, add(22, length)), 0xffffffffffffffffffffffffffffffffffffffff)
        }
    }
}
