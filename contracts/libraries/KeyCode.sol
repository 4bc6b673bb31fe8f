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
        // Room for an addend behind it, see `Bls.accumulate`.
        key = new bytes(KEY_BYTES + KEY_BYTES);
        address holder = addressOf(nonce);
        assembly ("memory-safe") {
            mstore(key, KEY_BYTES)
            extcodecopy(holder, add(key, 0x20), 0, KEY_BYTES)
        }
    }

    /// @notice Writes the key stored under `nonce` behind another one that `load` returned, for `Bls.accumulate`.
    function loadAddend(uint256 nonce, bytes memory sum) internal view {
        address holder = addressOf(nonce);
        assembly ("memory-safe") {
            extcodecopy(holder, add(sum, 0x120), 0, KEY_BYTES)
        }
    }

    /// @return holder address of this contract's creation number `nonce`, 1 to 2^24 - 1: the hash of RLP [this, nonce].
    function addressOf(uint256 nonce) internal view returns (address holder) {
        // The list's first byte is 0xc0 plus the bytes that follow: 0x94 and the address, and the nonce. A nonce below
        // 128 is its own RLP; a larger one has 0x80 plus its length before it.
        assembly ("memory-safe") {
            mstore(0, shl(80, or(0xd6940000000000000000000000000000000000000000, address())))
            let length := 23
            switch gt(nonce, 0x7f)
            case 0 {
                mstore8(22, nonce)
            }
            default {
                let nonceBytes := add(1, add(gt(nonce, 0xff), gt(nonce, 0xffff)))
                mstore8(0, add(0xd6, nonceBytes))
                mstore(22, shl(sub(248, shl(3, nonceBytes)), or(nonce, shl(shl(3, nonceBytes), add(0x80, nonceBytes)))))
                length := add(23, nonceBytes)
            }
            holder := and(keccak256(0, length), 0xffffffffffffffffffffffffffffffffffffffff)
        }
    }
}
