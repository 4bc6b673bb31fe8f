// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @title Where the chain stands on L1.
interface IRollupViews {
    /// @return slot of the submitted tip, its number, its inbox count, and the low 160 bits of its digest.
    function tips() external view returns (uint256 slot, uint256 number, uint256 inboxCount, uint160 digest);

    /// @return number of the settled tip, and its slot.
    function settledTip() external view returns (uint256 number, uint256 slot);

    /// @return number of the last proven checkpoint; zero where no verifier is set.
    function provenNumber() external view returns (uint256);

    /// @return hash of the log of an unsettled checkpoint; zero for a number that is settled or has not landed.
    function logHash(uint256 number) external view returns (bytes32);

    /// @return the highest slot a rollback has emptied.
    function refillSlot() external view returns (uint256);
}
