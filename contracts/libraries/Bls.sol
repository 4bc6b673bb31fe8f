// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {HashToCurve} from "./HashToCurve.sol";

/// @notice BLS12-381 signatures on G1 with keys on G2, through the precompiles of EIP-2537.
/// @dev Points are in the precompiles' encoding: 16 zero bytes and 48 bytes per field element, infinity all zeros.
library Bls {
    /// @notice Thrown when a key is the point at infinity.
    error Bls__KeyIsInfinity();
    /// @notice Thrown when the precompile refuses to add two keys: one of them is not on the curve.
    error Bls__KeyNotOnCurve();
    /// @notice Thrown when too little gas is left to tell a bad signature from a starved precompile.
    /// @param required gas that must be left, and `available` what was.
    error Bls__NotEnoughGas(uint256 required, uint256 available);
    /// @notice Thrown when the pairing precompile fails on an input known to be valid: nothing can be proven.
    error Bls__PairingUnavailable();

    uint256 private constant G2ADD = 0x0d;
    uint256 private constant PAIRING = 0x0f;

    uint256 private constant G2_BYTES = 256;

    /// Gas given to a pairing of two pairs: 102,900 by EIP-2537, and room for a moderate repricing. A larger one makes
    /// the control fail too, and convicts nobody.
    uint256 private constant PAIRING_GAS = 160_000;
    /// Gas that must be left so that two calls get `PAIRING_GAS` each in spite of the 63/64 rule.
    uint256 private constant PAIRING_GUARD = 340_000;

    /// High 16 and low 32 bytes of the field's modulus.
    uint256 private constant P_HIGH = 0x1a0111ea397fe69a4b1ba7b6434bacd7;
    uint256 private constant P_LOW = 0x64774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab;

    /// @notice Whether `signature` is the aggregate signature of `message` under `key`.
    /// @dev False for infinity on either side and for anything the pairing precompile refuses, too little gas included:
    /// good enough to accept, not to convict.
    function verify(
        bytes32[3] memory signature,
        bytes memory key,
        bytes32 message,
        bytes memory tag
    ) internal view returns (bool) {
        if (_isInfinity(signature) || isInfinity(key)) return false;
        (bool answered, bool valid) = _pairing(_pairs(signature, key, message, tag), gasleft());
        return answered && valid;
    }

    /// @notice Whether `signature` is proven not to be the aggregate signature of `message` under `key`.
    /// @dev Proven means: the pairing returned 0, or it failed while a known-valid input, with the same explicit gas,
    /// succeeded. Reverts when neither can be said.
    function isProvenInvalid(
        bytes32[3] memory signature,
        bytes memory key,
        bytes32 message,
        bytes memory tag
    ) internal view returns (bool) {
        if (_isInfinity(signature) || isInfinity(key)) return true;
        bytes memory pairs = _pairs(signature, key, message, tag);
        if (gasleft() < PAIRING_GUARD) revert Bls__NotEnoughGas(PAIRING_GUARD, gasleft());
        (bool answered, bool valid) = _pairing(pairs, PAIRING_GAS);
        if (answered) return !valid;
        (bool controlAnswered, bool controlValid) = _pairing(_controlPairs(), PAIRING_GAS);
        if (!controlAnswered || !controlValid) revert Bls__PairingUnavailable();
        return true;
    }

    /// @return sum of two keys in the encoding of EIP-2537.
    function addKeys(bytes memory left, bytes memory right) internal view returns (bytes memory sum) {
        sum = bytes.concat(left, right);
        accumulate(sum);
        assembly ("memory-safe") {
            mstore(sum, G2_BYTES)
        }
    }

    /// @notice Adds to a key the one that lies behind it in memory: 512 bytes from the first one's start.
    function accumulate(bytes memory sum) internal view {
        bool answered;
        assembly ("memory-safe") {
            let key := add(sum, 0x20)
            answered := staticcall(gas(), G2ADD, key, 0x200, key, G2_BYTES)
            answered := and(answered, eq(returndatasize(), G2_BYTES))
        }
        if (!answered) revert Bls__KeyNotOnCurve();
    }

    /// @return negated the key with both halves of y negated: subtracting it is adding this.
    function negateKey(bytes32[8] memory key) internal pure returns (bytes32[8] memory negated) {
        for (uint256 i; i < 4; ++i) negated[i] = key[i];
        (negated[4], negated[5]) = _negate(key[4], key[5]);
        (negated[6], negated[7]) = _negate(key[6], key[7]);
    }

    /// @return infinity whether a key is the point at infinity: 256 zero bytes.
    function isInfinity(bytes memory key) internal pure returns (bool infinity) {
        assembly ("memory-safe") {
            let x := or(mload(add(key, 0x20)), mload(add(key, 0x40)))
            x := or(x, or(mload(add(key, 0x60)), mload(add(key, 0x80))))
            let y := or(mload(add(key, 0xa0)), mload(add(key, 0xc0)))
            y := or(y, or(mload(add(key, 0xe0)), mload(add(key, 0x100))))
            infinity := iszero(or(x, y))
        }
    }

    /// @dev p - element, and 0 for 0: the precompiles refuse p itself.
    function _negate(bytes32 high, bytes32 low) private pure returns (bytes32, bytes32) {
        uint256 upper = uint256(high);
        uint256 lower = uint256(low);
        if (upper | lower == 0) return (high, low);
        // A non-canonical element wraps here and is refused by the precompile that first sees it.
        unchecked {
            uint256 borrow = lower > P_LOW ? 1 : 0;
            return (bytes32(P_HIGH - upper - borrow), bytes32(P_LOW - lower));
        }
    }

    function _isInfinity(bytes32[3] memory signature) private pure returns (bool) {
        return signature[0] | signature[1] | signature[2] == 0;
    }

    /// @dev e(signature, -G2) * e(H(message), key) == 1 iff the signature is the key's.
    function _pairs(
        bytes32[3] memory signature,
        bytes memory key,
        bytes32 message,
        bytes memory tag
    ) private view returns (bytes memory pairs) {
        pairs = _pairsWithNegatedG2(HashToCurve.hash(message, tag), key);
        // 48 bytes per element; the 16 zero bytes before each are there.
        assembly ("memory-safe") {
            mcopy(add(pairs, 0x30), signature, 0x30)
            mcopy(add(pairs, 0x70), add(signature, 0x30), 0x30)
        }
    }

    /// @dev e(G1, -G2) * e(G1, G2) == 1: an input that must succeed.
    function _controlPairs() private pure returns (bytes memory pairs) {
        bytes memory g1 = _G1;
        pairs = _pairsWithNegatedG2(g1, _G2);
        assembly ("memory-safe") {
            mcopy(add(pairs, 0x20), add(g1, 0x20), 0x80)
        }
    }

    /// @dev A place for a point of 128 zero bytes, -G2, and another pair.
    function _pairsWithNegatedG2(bytes memory point, bytes memory key) private pure returns (bytes memory pairs) {
        pairs = new bytes(0x300);
        assembly ("memory-safe") {
            mstore(add(pairs, 0xa0), _NEGATED_G2_X0_HIGH)
            mstore(add(pairs, 0xc0), _NEGATED_G2_X0_LOW)
            mstore(add(pairs, 0xe0), _NEGATED_G2_X1_HIGH)
            mstore(add(pairs, 0x100), _NEGATED_G2_X1_LOW)
            mstore(add(pairs, 0x120), _NEGATED_G2_Y0_HIGH)
            mstore(add(pairs, 0x140), _NEGATED_G2_Y0_LOW)
            mstore(add(pairs, 0x160), _NEGATED_G2_Y1_HIGH)
            mstore(add(pairs, 0x180), _NEGATED_G2_Y1_LOW)
            mcopy(add(pairs, 0x1a0), add(point, 0x20), 0x80)
            mcopy(add(pairs, 0x220), add(key, 0x20), G2_BYTES)
        }
    }

    function _pairing(bytes memory pairs, uint256 gasLimit) private view returns (bool answered, bool valid) {
        assembly ("memory-safe") {
            mstore(0, 0)
            answered := staticcall(gasLimit, PAIRING, add(pairs, 0x20), mload(pairs), 0, 0x20)
            answered := and(answered, eq(returndatasize(), 0x20))
            valid := and(answered, eq(mload(0), 1))
        }
    }

    /// The generator of G1.
    bytes private constant _G1 =
        hex"0000000000000000000000000000000017f1d3a73197d7942695638c4fa9ac0f"
        hex"c3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb"
        hex"0000000000000000000000000000000008b3f481e3aaa0f1a09e30ed741d8ae4"
        hex"fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1";
    /// The generator of G2.
    bytes private constant _G2 =
        hex"00000000000000000000000000000000024aa2b2f08f0a91260805272dc51051"
        hex"c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"
        hex"0000000000000000000000000000000013e02b6052719f607dacd3a088274f65"
        hex"596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
        hex"000000000000000000000000000000000ce5d527727d6e118cc9cdc6da2e351a"
        hex"adfd9baa8cbdd3a76d429a695160d12c923ac9cc3baca289e193548608b82801"
        hex"000000000000000000000000000000000606c4a02ea734cc32acd2b02bc28b99"
        hex"cb3e287e85a763af267492ab572e99ab3f370d275cec1da1aaa9075ff05f79be";
    /// The generator of G2, negated: high and low words of x.c0, x.c1, y.c0, y.c1.
    uint256 private constant _NEGATED_G2_X0_HIGH = 0x024aa2b2f08f0a91260805272dc51051;
    uint256 private constant _NEGATED_G2_X0_LOW = 0xc6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8;
    uint256 private constant _NEGATED_G2_X1_HIGH = 0x13e02b6052719f607dacd3a088274f65;
    uint256 private constant _NEGATED_G2_X1_LOW = 0x596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e;
    uint256 private constant _NEGATED_G2_Y0_HIGH = 0x0d1b3cc2c7027888be51d9ef691d77bc;
    uint256 private constant _NEGATED_G2_Y0_LOW = 0xb679afda66c73f17f9ee3837a55024f78c71363275a75d75d86bab79f74782aa;
    uint256 private constant _NEGATED_G2_Y1_HIGH = 0x13fa4d4a0ad8b1ce186ed5061789213d;
    uint256 private constant _NEGATED_G2_Y1_LOW = 0x993923066dddaf1040bc3ff59f825c78df74f2d75467e25e0f55f8a00fa030ed;
}
