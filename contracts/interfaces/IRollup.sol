// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IBonds} from "./IBonds.sol";
import {IChallenges} from "./IChallenges.sol";
import {IConfig} from "./IConfig.sol";
import {IInbox} from "./IInbox.sol";
import {ISettlement} from "./ISettlement.sol";
import {ISubmissions} from "./ISubmissions.sol";
import {IValidators} from "./IValidators.sol";

/// @title A rollup's L1 contract.
/// @dev One contract, no proxy, no owner. Assumes of its surroundings - for safety: Keccak-256, the EIP-2537
/// precompiles and two thirds of every set honest; for liveness: that L1 includes a transaction within the window.
interface IRollup is IConfig, IInbox, ISubmissions, IBonds, IChallenges, ISettlement, IValidators {
    /// @return slot of the submitted tip, its number, its inbox count, and the low 160 bits of its digest.
    function tips() external view returns (uint256 slot, uint256 number, uint256 inboxCount, uint160 digest);

    /// @return number of the settled tip, and its slot.
    function settledTip() external view returns (uint256 number, uint256 slot);

    /// @return hash of the log of an unsettled checkpoint; zero for a number that is settled or has not landed.
    function logHash(uint256 number) external view returns (bytes32);

    /// @return the highest slot a rollback has emptied.
    function refillSlot() external view returns (uint256);
}
