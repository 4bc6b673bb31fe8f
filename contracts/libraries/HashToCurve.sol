// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @notice `BLS12381G1_XMD:SHA-256_SSWU_RO_` of RFC 9380, for 32-byte messages.
library HashToCurve {
    /// @notice Thrown when a precompile this needs does not answer: not there, or starved of gas.
    error HashToCurve__PrecompileFailed();

    uint256 private constant SHA256 = 0x02;
    uint256 private constant MODEXP = 0x05;
    uint256 private constant G1ADD = 0x0b;
    uint256 private constant MAP_FP_TO_G1 = 0x10;

    /// High and low 32 bytes of the field's modulus, written as 64 bytes.
    uint256 private constant P_HIGH = 0x1a0111ea397fe69a4b1ba7b6434bacd7;
    uint256 private constant P_LOW = 0x64774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab;

    /// @param tag domain separation tag, at most 255 bytes.
    /// @return point of the prime-order subgroup, 128 bytes as EIP-2537 encodes it.
    /// @dev One buffer, 0x400 bytes longer than the tag:
    ///
    ///   0x000  the second pair of points: map(u0), map(u1), and their sum
    ///   0x100  `MODEXP` input: lengths 64, 1, 64; 64 bytes to reduce; exponent 1; modulus
    ///   0x200  the reduced 64 bytes
    ///   0x240  SHA-256 input; its last bytes, from 0x2a3 on, are the tag and its length, the same in all five
    ///
    /// Clearing the cofactor, which the map does, commutes with the addition.
    function hash(bytes32 message, bytes memory tag) internal view returns (bytes memory point) {
        bool answered;
        point = new bytes(0x80);
        assembly ("memory-safe") {
            // b_i of `expand_message_xmd`: SHA-256 of b_0 xor b_(i-1), i, tag, length.
            function expand(buffer, mixed, i, tagLength, output) -> ok, block_ {
                mstore(add(buffer, 0x282), mixed)
                mstore8(add(buffer, 0x2a2), i)
                ok := staticcall(gas(), SHA256, add(buffer, 0x282), add(tagLength, 0x22), output, 0x20)
                block_ := mload(output)
            }
            // The 64 bytes at 0x160 modulo p, mapped to the curve.
            function map(buffer, output) -> ok {
                ok := staticcall(gas(), MODEXP, add(buffer, 0x100), 0xe1, add(buffer, 0x200), 0x40)
                ok := and(ok, staticcall(gas(), MAP_FP_TO_G1, add(buffer, 0x200), 0x40, output, 0x80))
                ok := and(ok, eq(returndatasize(), 0x80))
            }

            let buffer := mload(0x40)
            let tagLength := mload(tag)
            mcopy(add(buffer, 0x2a3), add(tag, 0x20), tagLength)
            mstore8(add(buffer, add(0x2a3, tagLength)), tagLength)

            // b_0: a block of 64 zeros, the message, the output length 128 in two bytes, a zero, tag, length.
            mstore(add(buffer, 0x240), 0)
            mstore(add(buffer, 0x260), 0)
            mstore(add(buffer, 0x280), message)
            mstore8(add(buffer, 0x2a0), 0)
            mstore8(add(buffer, 0x2a1), 0x80)
            mstore8(add(buffer, 0x2a2), 0)
            answered := staticcall(gas(), SHA256, add(buffer, 0x240), add(tagLength, 0x64), 0, 0x20)
            let b0 := mload(0)

            mstore(add(buffer, 0x100), 0x40)
            mstore(add(buffer, 0x120), 1)
            mstore(add(buffer, 0x140), 0x40)
            mstore8(add(buffer, 0x1a0), 1)
            mstore(add(buffer, 0x1a1), P_HIGH)
            mstore(add(buffer, 0x1c1), P_LOW)

            let ok
            let bi
            ok, bi := expand(buffer, b0, 1, tagLength, add(buffer, 0x160))
            answered := and(answered, ok)
            ok, bi := expand(buffer, xor(b0, bi), 2, tagLength, add(buffer, 0x180))
            answered := and(answered, ok)
            answered := and(answered, map(buffer, buffer))
            ok, bi := expand(buffer, xor(b0, bi), 3, tagLength, add(buffer, 0x160))
            answered := and(answered, ok)
            ok, bi := expand(buffer, xor(b0, bi), 4, tagLength, add(buffer, 0x180))
            answered := and(answered, ok)
            answered := and(answered, map(buffer, add(buffer, 0x80)))

            answered := and(answered, staticcall(gas(), G1ADD, buffer, 0x100, add(point, 0x20), 0x80))
            answered := and(answered, eq(returndatasize(), 0x80))
        }
        if (!answered) revert HashToCurve__PrecompileFailed();
    }
}
