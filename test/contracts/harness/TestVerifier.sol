// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IVerifier, ProofInputs} from "../../../contracts/interfaces/IVerifier.sol";

/// @notice Takes what it is asked about, encoded, for a proof of it, and nothing else.
contract TestVerifier is IVerifier {
    function verify(ProofInputs calldata inputs, bytes calldata proof) external pure returns (bool) {
        return keccak256(proof) == keccak256(abi.encode(inputs));
    }
}
