// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IBonds} from "./IBonds.sol";
import {IChallenges} from "./IChallenges.sol";
import {IConfig} from "./IConfig.sol";
import {IInbox} from "./IInbox.sol";
import {IOutbox} from "./IOutbox.sol";
import {IPool} from "./IPool.sol";
import {IProofs} from "./IProofs.sol";
import {IRing} from "./IRing.sol";
import {IRollupViews} from "./IRollupViews.sol";
import {ISettlement} from "./ISettlement.sol";
import {ISlashing} from "./ISlashing.sol";
import {ISubmissions} from "./ISubmissions.sol";
import {IValidators} from "./IValidators.sol";

/// @title A rollup's L1 contract, all of it at one address.
/// @dev Two codes, fixed for ever: `Rollup` holds the state and the paths that are used every slot, and hands every other
/// call to `RollupExtension`, which runs on the same state. No proxy that could be pointed elsewhere, no owner. Assumes of
/// its surroundings - for safety: Keccak-256, the EIP-2537 precompiles and two thirds of every set honest; for liveness:
/// that L1 includes a transaction within the window.
interface IRollup is
    IConfig,
    IRollupViews,
    IInbox,
    IOutbox,
    ISubmissions,
    IBonds,
    IChallenges,
    ISettlement,
    IPool,
    IProofs,
    IRing,
    IValidators,
    ISlashing
{
    /// @notice Thrown by the constructor when the extension is not code, or was made for other constants.
    error Rollup__ExtensionDiffers(address extension);
    /// @notice Thrown when the extension's own address is called, instead of the rollup's.
    error Rollup__NotTheRollup(address rollup);

    /// @notice Thrown when ether comes without a call that says what it is for.
    error Rollup__UnexpectedEther(uint256 amountWei);

    /// @return the code that every call is handed to which `Rollup` does not take itself.
    function extension() external view returns (address);
}
