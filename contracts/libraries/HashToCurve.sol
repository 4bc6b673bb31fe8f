// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @notice `BLS12381G1_XMD:SHA-256_SSWU_RO_` of RFC 9380, for 32-byte messages.
library HashToCurve {
    /// @notice Thrown when a precompile this needs does not answer.
    error HashToCurve__PrecompileFailed(address precompile);

    address private constant MODEXP = address(0x05);
    address private constant G1ADD = address(0x0b);
    address private constant MAP_FP_TO_G1 = address(0x10);

    uint256 private constant P_HIGH = 0x1a0111ea397fe69a4b1ba7b6434bacd7;
    uint256 private constant P_LOW = 0x64774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab;

    /// @param tag domain separation tag, at most 255 bytes.
    /// @return a point of the prime-order subgroup, 128 bytes as EIP-2537 encodes it.
    function hash(bytes32 message, bytes memory tag) internal view returns (bytes memory) {
        (bytes memory first, bytes memory second) = _expand(message, tag);
        // Clearing the cofactor, which the map does, commutes with the addition.
        return
            _call(
                G1ADD,
                bytes.concat(_call(MAP_FP_TO_G1, _reduce(first), 128), _call(MAP_FP_TO_G1, _reduce(second), 128)),
                128
            );
    }

    /// @dev `expand_message_xmd` to 128 bytes: two field elements of 64 bytes before their reduction.
    function _expand(bytes32 message, bytes memory tag) private pure returns (bytes memory, bytes memory) {
        bytes memory suffix = bytes.concat(tag, bytes1(uint8(tag.length)));
        // One SHA-256 block of zeros, the message, the output length 128 in two bytes, a zero byte.
        bytes32 b0 = sha256(bytes.concat(bytes32(0), bytes32(0), message, hex"008000", suffix));
        bytes32 b1 = sha256(bytes.concat(b0, hex"01", suffix));
        bytes32 b2 = sha256(bytes.concat(b0 ^ b1, hex"02", suffix));
        bytes32 b3 = sha256(bytes.concat(b0 ^ b2, hex"03", suffix));
        bytes32 b4 = sha256(bytes.concat(b0 ^ b3, hex"04", suffix));
        return (bytes.concat(b1, b2), bytes.concat(b3, b4));
    }

    /// @dev A 64-byte number modulo p, as the power 1 of it.
    function _reduce(bytes memory number) private view returns (bytes memory) {
        return
            _call(MODEXP, abi.encodePacked(uint256(64), uint256(1), uint256(64), number, hex"01", P_HIGH, P_LOW), 64);
    }

    function _call(address precompile, bytes memory input, uint256 outputBytes) private view returns (bytes memory) {
        (bool success, bytes memory output) = precompile.staticcall(input);
        if (!success || output.length != outputBytes) revert HashToCurve__PrecompileFailed(precompile);
        return output;
    }
}
