// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IRing} from "../interfaces/IRing.sol";
import {Base} from "./Base.sol";

/// @notice Making the ring's first round cost what every later one does.
abstract contract Ring is Base, IRing {
    /// Neither zero nor the hash of a log.
    bytes32 private constant PREPARED = bytes32(uint256(1));

    /// @inheritdoc IRing
    function prepareRing(uint256 first, uint256 count) external {
        if (first > RING_SIZE || count > RING_SIZE - first) revert Ring__OutOfRange(first, count, RING_SIZE);
        uint256 written;
        for (uint256 position = first; position < first + count; ++position) {
            if (_logHash(position) != 0) continue;
            _setLogHash(position, PREPARED);
            ++written;
        }
        emit RingPrepared(first, written);
    }
}
