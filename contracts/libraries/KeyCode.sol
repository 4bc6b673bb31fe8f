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

    /// @return the address of this contract's creation number `nonce`, 1 to 2^24 - 1: the hash of RLP [this, nonce].
    function addressOf(uint256 nonce) internal view returns (address) {
        if (nonce < 0x80) return _hash(abi.encodePacked(hex"d694", address(this), uint8(nonce)));
        if (nonce < 0x100) return _hash(abi.encodePacked(hex"d794", address(this), hex"81", uint8(nonce)));
        if (nonce < 0x10000) return _hash(abi.encodePacked(hex"d894", address(this), hex"82", uint16(nonce)));
        return _hash(abi.encodePacked(hex"d994", address(this), hex"83", uint24(nonce)));
    }

    function _hash(bytes memory list) private pure returns (address) {
        return address(uint160(uint256(keccak256(list))));
    }
}
