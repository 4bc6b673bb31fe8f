// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @notice The tree of withdrawals, as `L2Outbox` builds it.
library OutboxTree {
    /// Most withdrawals there ever are: the tree has 32 rows above the leaves, and the last leaf's place stays empty.
    uint256 internal constant CAPACITY = 2 ** 32 - 1;

    /// @return what stands in the tree for a withdrawal from the rollup this runs in.
    function leafOf(uint256 index, address recipient, uint256 amountWei) internal view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), index, recipient, amountWei));
    }

    /// @param index below `CAPACITY`.
    /// @param siblings from the leaf's own up.
    /// @return node the root that has `leaf` at `index`.
    function rootOf(bytes32 leaf, uint256 index, bytes32[32] calldata siblings) internal pure returns (bytes32 node) {
        node = leaf;
        for (uint256 height; height < siblings.length; ++height) {
            bytes32 sibling = siblings[height];
            bool isRight = (index >> height) & 1 == 1;
            node = isRight ? keccak256(abi.encode(sibling, node)) : keccak256(abi.encode(node, sibling));
        }
    }
}
